package dev.outmail.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.mail.EventId;
import dev.outmail.mail.EventLimits;
import dev.outmail.mail.MailEvent;
import dev.outmail.mail.Problem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CloudEventTest {
    private static final String DATA = "{\"to\":[\"a@b\"],\"subject\":\"s\",\"text\":\"t\"}";
    private static final List<Header> BINARY =
            headers("ce_specversion", "1.0", "ce_id", "7", "ce_source", "/s", "ce_type", "t.x");
    private static final List<Header> STRUCTURED =
            headers("content-type", "application/cloudevents+json; charset=UTF-8");
    private static final String ATTRIBUTES =
            "\"specversion\":\"1.0\",\"id\":\"7\",\"source\":\"/s\",\"type\":\"t.x\"";
    private static final MailEvent EVENT =
            MailEvent.builder()
                    .id("7")
                    .source("/s")
                    .type("t.x")
                    .to("a@b")
                    .subject("s")
                    .text("t")
                    .build();

    private final EventCodec codec = new EventCodec(EventLimits.DEFAULT);

    @Test
    void headersSayWhoseTheDataIsInBinaryMode() {
        assertThat(decode(DATA, BINARY)).isEqualTo(new Decoded.Ok(EVENT));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{%s,\"data\":%s}",
                " { \"data\" : %2$s , %1$s } ",
                "{%s,\"datacontenttype\":\"application/vnd.example+json\",\"data\":%s}",
                "{%s,\"subject\":\"not the mail's\",\"x\":{\"deep\":[1]},\"n\":5,\"data\":%s}",
                "{%s,\"time\":null,\"expirytime\":null,\"data\":%s}"
            })
    void theirObjectSaysItInStructuredMode(String form) {
        assertThat(decode(form.formatted(ATTRIBUTES, DATA), STRUCTURED))
                .isEqualTo(new Decoded.Ok(EVENT));
    }

    @Test
    void dataMayBeBase64() {
        String base64 = Base64.getEncoder().encodeToString(DATA.getBytes(UTF_8));

        assertThat(decode("{" + ATTRIBUTES + ",\"data_base64\":\"" + base64 + "\"}", STRUCTURED))
                .isEqualTo(new Decoded.Ok(EVENT));
    }

    @Test
    void headersBesideStructuredModeSayNothing() {
        var both = new ArrayList<>(STRUCTURED);
        both.addAll(headers("ce_id", "8", "ce_specversion", "0.3"));

        assertThat(decode("{" + ATTRIBUTES + ",\"data\":" + DATA + "}", both))
                .isEqualTo(new Decoded.Ok(EVENT));
    }

    @Test
    void otherHeadersLeaveARecordPlain() {
        String plain = "{\"id\":\"7\",\"source\":\"/s\",\"type\":\"t.x\"," + DATA.substring(1);

        for (var headers :
                List.of(
                        headers("content-type", "application/json"),
                        headers("content-type", "text/plain"),
                        headers("ce_traceparent", "x", "x-ce_id", "8", "CE_ID", "9"),
                        headers("traceparent", "00-1-2-01", "b3", "0"))) {
            assertThat(decode(plain, headers)).isEqualTo(new Decoded.Ok(EVENT));
        }
    }

    @Test
    void expiryAndTraceComeFromTheCloudEvent() {
        var headers = new ArrayList<>(BINARY);
        headers.addAll(
                headers(
                        "ce_expirytime", "2030-01-01T01:00:00+01:00",
                        "ce_time", "2026-11-29T10:00:00.12345678901Z",
                        "ce_partitionkey", "k",
                        "ce_traceparent", "00-0af7651916cd43dd8448eb211c80319c-b9c7c989f97918e1-01",
                        "ce_tracestate", "rojo=1"));

        var ok = (Decoded.Ok) decode(DATA, headers);

        assertThat(ok.event().terms().expiresAt()).isEqualTo(Instant.parse("2030-01-01T00:00:00Z"));
        assertThat(ok.trace())
                .isEqualTo(
                        Map.of(
                                "traceparent",
                                "00-0af7651916cd43dd8448eb211c80319c-b9c7c989f97918e1-01",
                                "tracestate",
                                "rojo=1"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    "id":"8"                              | id: '8' is not what the CloudEvent says, '7'; leave it out of the data, or write the same
                    "source":"/"                          | source: '/' is not what the CloudEvent says, '/s'; leave it out of the data, or write the same
                    "type":"x"                            | type: 'x' is not what the CloudEvent says, 't.x'; leave it out of the data, or write the same
                    "expiresAt":"2031-01-01T00:00:00Z"    | expiresAt: '2031-01-01T00:00:00Z' is not what the CloudEvent says, '2030-01-01T00:00:00Z'; leave it out of the data, or write the same
                    """)
    void dataMayNotContradict(String field, String problem) {
        var headers = new ArrayList<>(BINARY);
        headers.addAll(headers("ce_expirytime", "2030-01-01T00:00:00Z"));

        var decoded = decode("{" + field + "," + DATA.substring(1), headers);

        assertThat(problems(decoded)).containsExactly(problem);
        assertThat(((Decoded.Malformed) decoded).id()).isEqualTo(new EventId("/s", "7"));
    }

    @Test
    void dataMaySayTheSame() {
        String same = "{\"id\":\"7\",\"source\":\"/s\",\"type\":\"t.x\"," + DATA.substring(1);

        assertThat(decode(same, BINARY)).isEqualTo(new Decoded.Ok(EVENT));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    ce_specversion |                   | specversion: the CloudEvent has none; write 1.0
                    ce_specversion | 0.3               | specversion: '0.3' is a version of CloudEvents that is not read here; write a CloudEvent of version 1.0
                    ce_id          |                   | id: the CloudEvent has none; each CloudEvent must have one
                    ce_source      |                   | source: the CloudEvent has none; each CloudEvent must have one
                    ce_type        |                   | type: the CloudEvent has none; each CloudEvent must have one
                    ce_time        | yesterday         | time: 'yesterday' is no timestamp; write it as 2026-11-22T09:00:00Z (RFC 3339)
                    ce_expirytime  | 1764410000        | expirytime: '1764410000' is no timestamp; write it as 2026-11-22T09:00:00Z (RFC 3339)
                    content-type   | application/avro  | datacontenttype: 'application/avro' is no JSON, which the event must be; write the event as application/json
                    content-type   | application/cloudevents-batch+json | event: 'application/cloudevents-batch+json' is a format that is not read here; publish one CloudEvent a record, as application/cloudevents+json
                    content-type   | application/cloudevents+avro | event: 'application/cloudevents+avro' is a format that is not read here; publish one CloudEvent a record, as application/cloudevents+json
                    """)
    void attributesAreJudged(String header, @Nullable String value, String problem) {
        var headers = new ArrayList<>(BINARY);
        headers.removeIf(h -> h.key().equals(header));
        if (value != null) {
            headers.addAll(headers(header, value));
        }

        assertThat(problems(decode(DATA, headers))).containsExactly(problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {%s}                                  | data: the CloudEvent has none; put the event there
                    {%s,"data":null}                      | data: it is no object; write the event as a JSON object
                    {%s,"data":"{}"}                      | data: it is no object; write the event as a JSON object
                    {%s,"data_base64":"e30"}              | data_base64: no string of base64; use the standard alphabet and padding (RFC 4648 §4)
                    {%s,"data_base64":{}}                 | data_base64: no string of base64; use the standard alphabet and padding (RFC 4648 §4)
                    {%s,"data_base64":""}                 | event: the record has no value; publish one JSON object in UTF-8
                    {%s,"data_base64":"/w=="}             | event: it is not UTF-8 at byte 0; write it in UTF-8
                    {%s,"time":5,"data":{"to":["a@b"],"subject":"s","text":"t"}} | time: expected a string, got a number; put it in quotes
                    {%s,"data":{"to":["a@b"],"subject":"s","text":"t"}} 1 | event: something follows its end; publish one CloudEvent a record
                    {%s,"data":{"to":["a@b"],"subject":"s","text":"t"},"data_base64":"e30="} | data_base64: it has both data and data_base64; write one of them
                    """)
    void structureIsJudged(String form, String problem) {
        var decoded = decode(form.formatted(ATTRIBUTES), STRUCTURED);

        assertThat(problems(decoded)).contains(problem);
        assertThat(((Decoded.Malformed) decoded).id()).isEqualTo(new EventId("/s", "7"));
    }

    @Test
    void allThatIsWrongIsToldAtOnce() {
        var decoded =
                decode(
                        "{\"id\":\"7\",\"type\":\"t\",\"data\":{\"to\":[\"a\"],\"text\":\"t\"}}",
                        STRUCTURED);

        assertThat(problems(decoded))
                .hasSize(4)
                .anyMatch(problem -> problem.startsWith("specversion: "))
                .anyMatch(problem -> problem.startsWith("source: "))
                .anyMatch(problem -> problem.startsWith("to[0]: "))
                .anyMatch(problem -> problem.startsWith("subject: "));
    }

    @Test
    void structuredEventWithoutItsHeaderIsToldWhatIsMissing() {
        assertThat(problems(decode("{" + ATTRIBUTES + ",\"data\":" + DATA + "}", List.of())))
                .contains(
                        "specversion: it is a CloudEvent's, not an event's; give the record the header content-type: application/cloudevents+json");
    }

    @Test
    void whatHasNoValueOrABrokenOneIsStillKnownByItsId() {
        for (String value : List.of("", "{", "[]", "\u0000", "{\"to\":")) {
            assertThat(decode(value, BINARY))
                    .isInstanceOfSatisfying(
                            Decoded.Malformed.class,
                            malformed ->
                                    assertThat(malformed.id()).isEqualTo(new EventId("/s", "7")));
        }
        assertThat(codec.decode(null, BINARY))
                .isInstanceOfSatisfying(
                        Decoded.Malformed.class,
                        malformed -> assertThat(malformed.id()).isEqualTo(new EventId("/s", "7")));
        assertThat(codec.decode(null, STRUCTURED)).isInstanceOf(Decoded.Malformed.class);
    }

    @Test
    void lastHeaderOfANameCounts() {
        var headers = new ArrayList<>(BINARY);
        headers.addFirst(new RecordHeader("ce_id", "6".getBytes(UTF_8)));
        headers.add(new RecordHeader("ce_type", null));

        assertThat(decode(DATA, headers)).isEqualTo(new Decoded.Ok(EVENT));
    }

    @Test
    void documentIsWhatTheEventIsWrittenIn() {
        String structured = "{" + ATTRIBUTES + ",\"data\":" + DATA + "}";

        assertThat(codec.document(DATA.getBytes(UTF_8), BINARY)).asString().isEqualTo(DATA);
        assertThat(codec.document(structured.getBytes(UTF_8), STRUCTURED))
                .asString()
                .isEqualTo(DATA);
        assertThat(codec.document("{".getBytes(UTF_8), STRUCTURED)).asString().isEqualTo("{");
    }

    /// However an event travels, it is the same.
    @Test
    void anyEventIsTheSameInEachMode() {
        long seed = new Random().nextLong();
        System.out.println("CloudEventTest seed " + seed);
        var random = new Random(seed);
        var events = new RandomEvents(random);
        for (int i = 0; i < 1_000; i++) {
            var event = events.next();
            String type = event.type();
            if (type == null) {
                continue;
            }
            byte[] plain = codec.encode(event);
            var ok = new Decoded.Ok(event);
            var binary =
                    headers(
                            "ce_specversion",
                            "1.0",
                            "ce_id",
                            event.id().id(),
                            "ce_source",
                            event.id().source(),
                            "ce_type",
                            type);
            String attributes =
                    "{\"specversion\":\"1.0\",\"id\":%s,\"source\":%s,\"type\":%s,"
                            .formatted(
                                    quoted(event.id().id()),
                                    quoted(event.id().source()),
                                    quoted(type));
            String document = new String(plain, UTF_8);
            String base64 = Base64.getEncoder().encodeToString(plain);

            assertThat(codec.decode(plain, List.of())).as("seed %d", seed).isEqualTo(ok);
            assertThat(codec.decode(plain, binary)).as("seed %d", seed).isEqualTo(ok);
            assertThat(decode(attributes + "\"data\":" + document + "}", STRUCTURED))
                    .as("seed %d", seed)
                    .isEqualTo(ok);
            assertThat(decode(attributes + "\"data_base64\":\"" + base64 + "\"}", STRUCTURED))
                    .as("seed %d", seed)
                    .isEqualTo(ok);
        }
    }

    /// Whatever the bytes are, and whatever the headers say that they are.
    @Test
    void brokenCloudEventIsExplained() {
        long seed = new Random().nextLong();
        System.out.println("CloudEventTest seed " + seed);
        var random = new Random(seed);
        var names =
                List.of(
                        "ce_specversion",
                        "ce_id",
                        "ce_source",
                        "ce_type",
                        "ce_time",
                        "content-type");
        var values =
                List.of(
                        "1.0",
                        "",
                        "7",
                        "/s",
                        "\u0000",
                        "application/cloudevents+json",
                        "a/b",
                        "x".repeat(300));
        for (int i = 0; i < 3_000; i++) {
            byte[] value = ("{" + ATTRIBUTES + ",\"data\":" + DATA + "}").getBytes(UTF_8);
            for (int j = random.nextInt(4); j > 0; j--) {
                value[random.nextInt(value.length)] = (byte) random.nextInt(256);
            }
            var headers = new ArrayList<Header>(random.nextBoolean() ? STRUCTURED : BINARY);
            for (int j = random.nextInt(3); j > 0; j--) {
                headers.addAll(
                        headers(
                                names.get(random.nextInt(names.size())),
                                values.get(random.nextInt(values.size()))));
            }

            if (codec.decode(value, headers) instanceof Decoded.Malformed malformed) {
                assertThat(malformed.problems()).as("seed %d", seed).isNotEmpty();
                assertThat(malformed.problems())
                        .as("seed %d", seed)
                        .noneMatch(problem -> problem.what().contains("could not be read"));
            }
        }
    }

    @Test
    void limitIsTheWholeRecords() {
        var small = new EventCodec(new EventLimits(100, 200));
        String text = "x".repeat(60);
        String data = DATA.replace("\"t\"", '"' + text + '"');
        String structured = "{" + ATTRIBUTES + ",\"data\":" + data + "}";

        assertThat(small.decode(data.getBytes(UTF_8), BINARY)).isInstanceOf(Decoded.Ok.class);
        assertThat(structured).hasSizeLessThan(200);
        assertThat(small.decode(structured.getBytes(UTF_8), STRUCTURED))
                .isInstanceOf(Decoded.Ok.class);
        assertThat(small.decode((structured + " ".repeat(100)).getBytes(UTF_8), STRUCTURED))
                .isInstanceOf(Decoded.Malformed.class);
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private Decoded decode(String value, List<Header> headers) {
        return codec.decode(value.getBytes(UTF_8), headers);
    }

    private static List<String> problems(Decoded decoded) {
        return switch (decoded) {
            case Decoded.Ok ok -> throw new AssertionError("taken: " + ok);
            case Decoded.Malformed malformed ->
                    malformed.problems().stream().map(Problem::toString).toList();
        };
    }

    private static List<Header> headers(String... namesAndValues) {
        var headers = new ArrayList<Header>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.add(new RecordHeader(namesAndValues[i], namesAndValues[i + 1].getBytes(UTF_8)));
        }
        return headers;
    }
}
