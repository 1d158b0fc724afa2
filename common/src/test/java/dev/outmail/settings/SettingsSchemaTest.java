package dev.outmail.settings;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import dev.outmail.mail.Problem;
import dev.outmail.wire.Mutants;
import dev.outmail.wire.Schemas;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The schema of settings says what the code does, but for what no schema can say.
class SettingsSchemaTest {
    private static final Schema SCHEMA = Schemas.of(Schemas.SETTINGS);

    /// By the problems that the code has with it: addresses and names, the contents of sealed
    /// passwords, durations, and that a number is written as a whole one (1, not 1.0).
    private static final Pattern BEYOND_SCHEMAS =
            Pattern.compile(
                    "(sender(\\.address|\\.incomingAddress)?|redirectTo|onlyTo|connection\\.password"
                            + "|retry\\.giveUpAfter|settings): (?!is missing|must be (a|an array of) string|is not a).*"
                            + "|.*(revision|port|maxConnections): must be a whole number.*"
                            + "|.*messagesPerSecond: must be a number that fits 64 bits.*",
                    Pattern.DOTALL);

    private static final List<String> ODD_VALUES =
            List.of(
                    "null",
                    "true",
                    "false",
                    "0",
                    "1",
                    "1.0",
                    "0.5",
                    "-1",
                    "587",
                    "65536",
                    "1001",
                    "9223372036854775807",
                    "9223372036854775808",
                    "1e400",
                    "\"\"",
                    "\" \"",
                    "\"a\"",
                    "\"a b\"",
                    "\"smtp\"",
                    "\"silent\"",
                    "\"SMTP\"",
                    "\"tls\"",
                    "\"none\"",
                    "\"instantly\"",
                    "\"smtp.example.com\"",
                    "\"ada@example.org\"",
                    "\"example.org\"",
                    "\"Ada <ada@example.org>\"",
                    "\"env:A_1\"",
                    "\"env:1\"",
                    "\"file:/a b\"",
                    "\"file:a\"",
                    "\"om1.x\"",
                    "\"om1.\"",
                    "\"a\\u0007\"",
                    "\"P1D\"",
                    "\"pt2h\"",
                    "\"P8D\"",
                    "\"-PT-2H\"",
                    "\"1d\"",
                    "[]",
                    "[null]",
                    "[\"example.org\"]",
                    "[\"\"]",
                    "{}",
                    "{\"giveUpAfter\":\"P2D\"}",
                    "{\"address\":\"a@b\"}",
                    "{\"mode\":\"silent\",\"port\":\"x\"}",
                    "{\"mode\":\"smtp\",\"host\":\"h\",\"port\":25,\"security\":\"none\"}");

    @Test
    void schemaHasTheFieldsOfTheCodec() {
        var schema = Schemas.json("settings.json");

        assertThat(schema.at("/properties").propertyNames())
                .containsExactlyInAnyOrderElementsOf(SettingsCodec.SETTINGS);
        assertThat(schema.at("/$defs/connection/properties").propertyNames())
                .containsExactlyInAnyOrderElementsOf(SettingsCodec.CONNECTION);
        assertThat(schema.at("/$defs/sender/properties").propertyNames())
                .containsExactlyInAnyOrderElementsOf(SettingsCodec.SENDER);
        assertThat(schema.at("/properties/retry/properties").propertyNames())
                .containsExactlyInAnyOrderElementsOf(SettingsCodec.RETRY);
    }

    @Test
    void settingsOfEveryKindAreValid() {
        for (var document : documents()) {
            assertThat(Schemas.errors(SCHEMA, document)).as(new String(document, UTF_8)).isEmpty();
        }
    }

    @Test
    void validityIsWhatTheCodeSaysButForWhatNoSchemaCanSay() {
        long seed = new Random().nextLong();
        System.out.println("SettingsSchemaTest seed " + seed);
        var random = new Random(seed);
        var documents = documents();
        var names = new ArrayList<String>();
        names.addAll(SettingsCodec.SETTINGS);
        names.addAll(SettingsCodec.CONNECTION);
        names.addAll(SettingsCodec.SENDER);
        names.addAll(SettingsCodec.RETRY);
        names.add("nope");
        names.sort(null);
        var mutants = new Mutants(random, names, ODD_VALUES);
        int taken = 0;
        for (int i = 0; i < 10_000; i++) {
            var mutant = mutants.next(documents.get(random.nextInt(documents.size())));
            byte[] document = mutant.toString().getBytes(UTF_8);
            var errors = Schemas.errors(SCHEMA, document);

            switch (SettingsCodec.decode("default", document)) {
                case SettingsCodec.Decoded.Ok ok -> {
                    assertThat(errors).as("seed %d: taken, %s", seed, mutant).isEmpty();
                    taken++;
                }
                case SettingsCodec.Decoded.Malformed malformed -> {
                    if (errors.isEmpty()) {
                        assertThat(malformed.problems())
                                .as("seed %d: valid, %s", seed, mutant)
                                .extracting(Problem::toString)
                                .allMatch(problem -> BEYOND_SCHEMAS.matcher(problem).matches());
                    }
                }
            }
        }

        assertThat(taken).isBetween(500, 9_500);
    }

    private static List<byte[]> documents() {
        return SettingsCodecTest.settingsOfEveryKind().stream()
                .map(settings -> SettingsCodec.encode(new ProfileSettings("default", 17, settings)))
                .toList();
    }
}
