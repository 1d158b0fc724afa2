package dev.outmail.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.mail.EmailAddress;
import dev.outmail.mail.Problem;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsCodecTest {
    private static final Sender PROJECTS =
            new Sender(EmailAddress.parse("projects@example.com"), "Projects", true);

    static List<Settings> settingsOfEveryKind() {
        var all = new ArrayList<Settings>();
        for (var connection : everyConnection()) {
            all.add(Settings.INITIAL.withConnection(connection));
        }
        all.add(Settings.INITIAL.withTiming(Timing.INSTANTLY));
        all.add(Settings.INITIAL.withUsersMayChoose(true));
        all.add(Settings.INITIAL.withSender(PROJECTS));
        all.add(Settings.INITIAL.withSender(new Sender(PROJECTS.address(), null, false)));
        all.add(Settings.INITIAL.withSender(PROJECTS.withIncomingAddress(PROJECTS.address())));
        all.add(Settings.INITIAL.withGiveUpAfter(Duration.ofMinutes(1)));
        all.add(Settings.INITIAL.withGiveUpAfter(Settings.LONGEST_GIVE_UP_AFTER));
        var team = AllowList.of(List.of("example.org", ".example.org", "üda@example.com"));
        var tester = EmailAddress.parse("tester@example.org");
        all.add(Settings.INITIAL.withGuards(new Guards(team, null)));
        all.add(Settings.INITIAL.withGuards(new Guards(null, tester)));
        all.add(Settings.INITIAL.withGuards(new Guards(team, tester)));
        return all;
    }

    private static List<Connection> everyConnection() {
        var all =
                new ArrayList<Connection>(
                        List.of(
                                new Connection.Disabled(),
                                new Connection.Silent(),
                                new Connection.NativeMailer()));
        for (var security : Connection.Security.values()) {
            all.add(new Connection.SmtpServer("smtp.example.com", 25, security, null, 10, null));
            for (var password : List.of("env:SMTP_PASSWORD", "file:/run/secrets/smtp password")) {
                var login = new Connection.Login("üser", SecretReference.parse(password));
                all.add(new Connection.SmtpServer("::1", 65_535, security, login, 1_000, 0.5));
            }
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("settingsOfEveryKind")
    void whatIsEncodedIsDecodedTheSame(Settings settings) {
        var written = new ProfileSettings("default", 17, settings);

        var read = SettingsCodec.decode("default", SettingsCodec.encode(written));

        assertThat(read).isEqualTo(new SettingsCodec.Decoded.Ok(written));
        assertThat(decode(SettingsCodec.toPrettyJson(written))).isEqualTo(read);
    }

    @Test
    void theContractsExampleIsDecoded() {
        var read =
                decode(
                        """
                        {
                          "revision": 17,
                          "connection": {"mode": "smtp", "host": "smtp.example.com", "port": 587,
                            "security": "starttls", "username": "outmail",
                            "password": "env:SMTP_PASSWORD", "maxConnections": 10,
                            "messagesPerSecond": null},
                          "timing": "instantly",
                          "usersMayChoose": false,
                          "sender": {"address": "notifications@example.com", "name": "Projects",
                            "force": false},
                          "retry": {"giveUpAfter": "P5D"}
                        }
                        """);

        var login = new Connection.Login("outmail", SecretReference.parse("env:SMTP_PASSWORD"));
        var server =
                new Connection.SmtpServer(
                        "smtp.example.com", 587, Connection.Security.STARTTLS, login, 10, null);
        var sender = new Sender(EmailAddress.parse("notifications@example.com"), "Projects", false);
        assertThat(read)
                .isEqualTo(
                        ok(
                                17,
                                new Settings(
                                        server,
                                        Timing.INSTANTLY,
                                        false,
                                        sender,
                                        Duration.ofDays(5),
                                        Guards.NONE)));
    }

    @Test
    void guardsAreFieldsOfTheirOwn() {
        var read =
                decode(
                        """
                        {"revision": 1, "connection": {"mode": "silent"},
                         "onlyTo": ["Ada@example.org", "example.com", ".example.com"],
                         "redirectTo": "tester@example.org"}
                        """);

        var guards =
                new Guards(
                        AllowList.of(List.of("ada@example.org", "example.com", ".example.com")),
                        EmailAddress.parse("tester@example.org"));
        assertThat(read).isEqualTo(ok(1, Settings.INITIAL.withGuards(guards)));
    }

    @Test
    void whatIsLeftOutIsAsInANewProfile() {
        var read = decode("{\"revision\": 1, \"connection\": {\"mode\": \"silent\"}}");

        assertThat(read).isEqualTo(ok(1, Settings.INITIAL));
    }

    @Test
    void nullIsTheSameAsLeftOut() {
        var read =
                decode(
                        """
                        {"revision": 1, "timing": null, "usersMayChoose": null, "sender": null,
                         "onlyTo": null, "redirectTo": null, "retry": null, "connection": {"mode": "silent", "host": null}}
                        """);

        assertThat(read).isEqualTo(ok(1, Settings.INITIAL));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"timming": "instantly"}           | timming              | 'timing'
                    {"Connection": {}}                 | Connection           | 'connection'
                    {"connection": {"hots": "a"}}      | connection.hots      | 'host'
                    {"connection": {"userName": "a"}}  | connection.userName  | 'username'
                    {"sender": {"adress": "a@b.org"}}  | sender.adress        | 'address'
                    {"sender": {"incomingAdress": "a@b.org"}} | sender.incomingAdress | 'incomingAddress'
                    {"retry": {"giveupAfter": "P5D"}}  | retry.giveupAfter    | 'giveUpAfter'
                    {"onlyto": []}                     | onlyto               | 'onlyTo'
                    {"redirect": "a@b.org"}            | redirect             | 'redirectTo'
                    {"xyz": 1}                         | xyz                  | revision
                    """)
    void anUnknownFieldIsAnErrorThatNamesTheNearest(String json, String field, String nearest) {
        assertThat(problems(json))
                .filteredOn(p -> p.what().equals("is not a known field"))
                .singleElement()
                .satisfies(p -> assertThat(p.field()).isEqualTo(field))
                .satisfies(p -> assertThat(p.remedy()).contains(nearest));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    revision                     | 0
                    revision                     | -1
                    revision                     | 1.5
                    revision                     | 9223372036854775808
                    revision                     | "1"
                    revision                     | null
                    connection                   | null
                    connection                   | "silent"
                    connection                   | []
                    connection.mode              | null
                    connection.mode              | "Silent"
                    connection.mode              | ""
                    connection.host              | null
                    connection.host              | 1
                    connection.port              | null
                    connection.port              | "587"
                    connection.port              | 587.5
                    connection.security          | null
                    connection.security          | "ssl"
                    connection.security          | "STARTTLS"
                    connection.username          | null
                    connection.username          | true
                    connection.password          | null
                    connection.password          | "hunter2"
                    connection.maxConnections    | "10"
                    connection.messagesPerSecond | "1"
                    connection.messagesPerSecond | 1e999
                    timing                       | "in_background"
                    timing                       | "later"
                    timing                       | {}
                    usersMayChoose               | "false"
                    usersMayChoose               | 0
                    sender                       | "a@example.org"
                    sender.address               | null
                    sender.address               | "nobody"
                    sender.address               | "Ada <ada@example.org>"
                    sender.name                  | 1
                    sender.force                 | "no"
                    sender.incomingAddress       | "nobody"
                    sender.incomingAddress       | true
                    retry                        | "P5D"
                    retry.giveUpAfter            | 5
                    retry.giveUpAfter            | "5 days"
                    retry.giveUpAfter            | "P99999999999999999999D"
                    onlyTo                       | "example.org"
                    onlyTo                       | []
                    onlyTo                       | [1]
                    onlyTo                       | [null]
                    onlyTo                       | ["example.org", ""]
                    onlyTo                       | ["*@example.org"]
                    onlyTo                       | {}
                    redirectTo                   | ["a@example.org"]
                    redirectTo                   | ""
                    redirectTo                   | "example.org"
                    redirectTo                   | "Ada <ada@example.org>"
                    """)
    void aValueThatIsNoneIsMalformed(String field, String value) {
        assertThat(problems(with(field, value))).extracting(Problem::field).containsExactly(field);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    connection.host              | ""                | connection
                    connection.host              | "a b"             | connection
                    connection.host              | "a\\r\\nb"        | connection
                    connection.port              | 0                 | connection
                    connection.port              | 65536             | connection
                    connection.port              | -9000000000000000 | connection
                    connection.username          | ""                | connection
                    connection.maxConnections    | 0                 | connection
                    connection.maxConnections    | 1001              | connection
                    connection.maxConnections    | 9000000000000000  | connection
                    connection.messagesPerSecond | 0                 | connection
                    connection.messagesPerSecond | -1                | connection
                    connection.messagesPerSecond | 1e-999            | connection
                    sender.name                  | "a\\nBcc: b"      | sender
                    retry.giveUpAfter            | "PT59S"           | settings
                    retry.giveUpAfter            | "P8D"             | settings
                    retry.giveUpAfter            | "-P5D"            | settings
                    """)
    void aValueOutOfItsRangeIsMalformed(String field, String value, String place) {
        assertThat(problems(with(field, value))).extracting(Problem::field).containsExactly(place);
    }

    @Test
    void aPortOutOfRangeIsToldWithWhatWasWritten() {
        assertThat(problems(with("connection.port", "70000")))
                .extracting(Problem::toString)
                .containsExactly(
                        "connection: the SMTP port must be 1 to 65535, not 70000; correct it");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "1",
                "\"settings\"",
                "[]",
                "{",
                "{}}",
                "{} {}",
                "{\"revision\": 1, \"revision\": 2, \"connection\": {\"mode\": \"silent\"}}",
                "{\"connection\": {\"mode\": \"silent\", \"messagesPerSecond\": NaN}}",
                "{'revision': 1}",
                "{\"revision\": 01}",
                "// {}",
                "\ufeff{}",
                "{\"retry\": \"\ud800\"}"
            })
    void whatIsNoSuchDocumentIsMalformed(String json) {
        assertThat(decode(json)).isInstanceOf(SettingsCodec.Decoded.Malformed.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e9999999999", "1e999999999", "-1e999999999", "1e-9999999999"})
    void aNumberBeyondAllLimitsIsMalformed(String number) {
        for (var field : List.of("revision", "connection.port", "connection.messagesPerSecond")) {
            assertThat(problems(with(field, number))).as(field).hasSize(1);
        }
    }

    @Test
    void deepNestingIsMalformed() {
        assertThat(problems("{\"connection\": " + "[".repeat(30_000)))
                .extracting(Problem::field)
                .containsExactly("settings");
    }

    @Test
    void aRecordOfMoreThan64KiBIsMalformed() {
        String json = with("sender.name", "\"" + " ".repeat(65_536) + "\"");

        assertThat(problems(json))
                .extracting(Problem::what)
                .containsExactly("is larger than 65536 bytes");
    }

    @Test
    void allProblemsAreToldAtOnce() {
        var problems =
                problems(
                        """
                        {"revision": "x", "connection": {"mode": "smtp", "port": "y", "hots": "z"},
                         "timing": "never", "sender": {"name": 1}, "retry": {"giveUpAfter": "-"}}
                        """);

        assertThat(problems)
                .extracting(Problem::field)
                .containsExactlyInAnyOrder(
                        "revision",
                        "connection.hots",
                        "connection.host",
                        "connection.port",
                        "connection.security",
                        "timing",
                        "sender.address",
                        "sender.name",
                        "retry.giveUpAfter");
    }

    @Test
    void aPasswordWrittenInPlaceOfItsReferenceIsNotRepeated() {
        assertThat(problems(with("connection.password", "\"hunter2\"")))
                .extracting(Problem::toString)
                .noneMatch(problem -> problem.contains("hunter2"));
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void damagedBytesNeverThrow(long seed) {
        var random = new Random(seed);
        var sound =
                settingsOfEveryKind().stream()
                        .map(s -> SettingsCodec.encode(new ProfileSettings("default", 1, s)))
                        .toList();
        for (int i = 0; i < 2_000; i++) {
            byte[] bytes = sound.get(random.nextInt(sound.size())).clone();
            for (int flips = random.nextInt(4); flips >= 0; flips--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }

            var read = SettingsCodec.decode("default", bytes);

            if (read instanceof SettingsCodec.Decoded.Malformed malformed) {
                assertThat(malformed.problems()).as("seed %d, record %d", seed, i).isNotEmpty();
            }
        }
    }

    /// Settings for an SMTP server with everything in them, one value exchanged.
    private static String with(String field, String value) {
        var values = new TreeMap<String, String>();
        values.put("revision", "1");
        values.put("timing", "\"instantly\"");
        values.put("usersMayChoose", "true");
        values.put("connection.mode", "\"smtp\"");
        values.put("connection.host", "\"smtp.example.com\"");
        values.put("connection.port", "587");
        values.put("connection.security", "\"tls\"");
        values.put("connection.username", "\"outmail\"");
        values.put("connection.password", "\"env:SMTP_PASSWORD\"");
        values.put("connection.maxConnections", "5");
        values.put("connection.messagesPerSecond", "1");
        values.put("sender.address", "\"projects@example.com\"");
        values.put("sender.name", "\"Projects\"");
        values.put("sender.force", "true");
        values.put("sender.incomingAddress", "\"projects@example.com\"");
        values.put("retry.giveUpAfter", "\"P1D\"");
        values.put("onlyTo", "[\"example.org\"]");
        values.put("redirectTo", "\"tester@example.org\"");
        values.keySet().removeIf(name -> name.startsWith(field + "."));
        values.put(field, value);
        var objects =
                values.keySet().stream()
                        .collect(
                                Collectors.groupingBy(
                                        name -> name.contains(".") ? name.split("\\.")[0] : "",
                                        TreeMap::new,
                                        Collectors.mapping(
                                                name ->
                                                        "\""
                                                                + name.substring(
                                                                        name.indexOf('.') + 1)
                                                                + "\": "
                                                                + values.get(name),
                                                Collectors.joining(", "))));
        return objects.entrySet().stream()
                .map(o ->
                        o.getKey().isEmpty()
                                ? o.getValue()
                                : "\"" + o.getKey() + "\": {" + o.getValue() + "}")
                .collect(Collectors.joining(", ", "{", "}"));
    }

    private static List<Problem> problems(String json) {
        return switch (decode(json)) {
            case SettingsCodec.Decoded.Malformed malformed -> malformed.problems();
            case SettingsCodec.Decoded.Ok ok -> throw new AssertionError("decoded as " + ok);
        };
    }

    private static SettingsCodec.Decoded decode(String json) {
        return SettingsCodec.decode("default", json.getBytes(StandardCharsets.UTF_8));
    }

    private static SettingsCodec.Decoded ok(long revision, Settings settings) {
        return new SettingsCodec.Decoded.Ok(new ProfileSettings("default", revision, settings));
    }
}
