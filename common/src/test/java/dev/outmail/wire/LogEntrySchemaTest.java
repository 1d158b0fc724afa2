package dev.outmail.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The schema of log entries says what the code writes.
class LogEntrySchemaTest {
    private static final Schema SCHEMA = Schemas.of(Schemas.LOG_ENTRY);
    private static final List<OutcomeName> OUTCOMES = List.of(OutcomeName.values());
    private static final JsonNode JSON = Schemas.json("log-entry.json");

    @Test
    void whatIsWrittenIsValidAndReadAgain() {
        long seed = new Random().nextLong();
        System.out.println("LogEntrySchemaTest seed " + seed);
        var random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            var entry = random(random, random.nextInt(4));
            byte[] value = LogEntryCodec.encode(entry);

            assertThat(Schemas.errors(SCHEMA, value)).as("seed %d, entry %d", seed, i).isEmpty();
            assertThat(LogEntryCodec.decode(value)).as("seed %d", seed).contains(entry);
        }
    }

    @Test
    void schemaHasTheFieldsThatAreWritten() {
        var written = new LinkedHashSet<String>();
        var recipient = new LinkedHashSet<String>();
        var random = new Random(1);
        Stream.of(random(random, 3), random(random, 5_000))
                .map(LogEntryCodec::encode)
                .map(JsonMapper.shared()::readTree)
                .forEach(json -> {
                    written.addAll(json.propertyNames());
                    json.path("recipients").forEach(one -> recipient.addAll(one.propertyNames()));
                });
        for (int i = 0; i < 100; i++) {
            var json = JsonMapper.shared().readTree(LogEntryCodec.encode(random(random, 1)));
            written.addAll(json.propertyNames());
        }

        assertThat(names("/properties")).isEqualTo(written);
        assertThat(names("/properties/recipients/items/properties")).isEqualTo(recipient);
        assertThat(JSON.at("/properties/outcome/enum").valueStream().map(JsonNode::stringValue))
                .containsExactlyInAnyOrderElementsOf(
                        Stream.of(OutcomeName.values()).map(OutcomeName::wireName).toList());
    }

    private static Set<String> names(String place) {
        return new LinkedHashSet<>(JSON.at(place).propertyNames());
    }

    private static LogEntry random(Random random, int recipients) {
        return new LogEntry(
                random.nextInt(4) == 0
                        ? null
                        : new LogEntry.Event("/s", "é" + random.nextInt(), maybe(random, "t")),
                Instant.ofEpochSecond(random.nextInt(1 << 30), random.nextInt(3) * 1_000_001L),
                OUTCOMES.get(random.nextInt(OUTCOMES.size())),
                "reason",
                "550 \"no\"",
                random.nextInt(9),
                maybe(random, "default"),
                random.nextInt(9),
                maybe(
                        random,
                        List.of("disabled", "silent", "native", "smtp").get(random.nextInt(4))),
                maybe(random, "smtp.example.com:587"),
                "worker-1",
                IntStream.range(0, recipients)
                        .mapToObj(i ->
                                new LogEntry.Recipient(
                                        "r" + i + "@example.org",
                                        verdict(random),
                                        "reason",
                                        "x".repeat(random.nextInt(300))))
                        .toList(),
                maybe(random, "<1@example.com>"),
                Duration.ofMillis(random.nextInt()).abs(),
                Duration.ofNanos(random.nextInt()).abs(),
                random.nextBoolean() ? Map.of() : Map.of("k", Map.of("l", List.of(1L, "two"))),
                random.nextBoolean()
                        ? null
                        : new LogEntry.Position("outmail.events", random.nextInt(12), 1L << 40));
    }

    private static String verdict(Random random) {
        var verdicts = JSON.at("/properties/recipients/items/properties/verdict/enum");
        return verdicts.path(random.nextInt(verdicts.size())).stringValue();
    }

    private static @Nullable String maybe(Random random, String text) {
        return random.nextBoolean() ? text : null;
    }
}
