package dev.outmail.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.outmail.mail.EventId;
import dev.outmail.mail.EventLimits;
import dev.outmail.mail.InvalidMailEvent;
import dev.outmail.mail.MailEvent;
import dev.outmail.mail.MailEvent.OnDoubt;
import dev.outmail.mail.Mailbox;
import dev.outmail.mail.Problem;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventCodecTest {
    private static final String CONTRACT =
            """
            {
              "id": "task-42-assigned-7",
              "source": "/projects",
              "type": "task.assigned",
              "profile": "default",
              "from": "Projects <projects@example.com>",
              "to": ["Ada Lovelace <ada@example.org>"], "cc": [], "bcc": [], "replyTo": [],
              "subject": "You have a new task",
              "text": "…", "html": "…",
              "attachments": [{"name": "plan.pdf", "contentType": "application/pdf",
                               "content": "cGxhbg==", "contentId": null}],
              "headers": {"X-Project": "42"},
              "conversation": "task-42",
              "sendAt": null, "expiresAt": null,
              "onDoubt": "resend",
              "metadata": {"anything": "kept in the log, never sent"}
            }
            """;
    private static final String LEAST =
            "{\"id\":\"1\",\"to\":[\"a@b\"],\"subject\":\"s\",\"text\":\"t\"";

    private final EventCodec codec = new EventCodec(EventLimits.DEFAULT);

    @Test
    void eventOfTheContractIsTakenAsItStands() {
        MailEvent event = ok(CONTRACT);

        assertThat(event.id()).isEqualTo(new EventId("/projects", "task-42-assigned-7"));
        assertThat(event.type()).isEqualTo("task.assigned");
        assertThat(event.profile()).isEqualTo("default");
        assertThat(event.addressing().from())
                .isEqualTo(Mailbox.parse("Projects <projects@example.com>"));
        assertThat(event.addressing().to())
                .containsExactly(Mailbox.parse("Ada Lovelace <ada@example.org>"));
        assertThat(event.content().subject()).isEqualTo("You have a new task");
        assertThat(((MailEvent.Written) event.content()).text()).isEqualTo("…");
        assertThat(((MailEvent.Written) event.content()).html()).isEqualTo("…");
        assertThat(((MailEvent.Written) event.content()).attachments())
                .singleElement()
                .satisfies(file -> {
                    assertThat(file.name()).isEqualTo("plan.pdf");
                    assertThat(file.contentType()).isEqualTo("application/pdf");
                    assertThat(file.content()).asString(UTF_8).isEqualTo("plan");
                    assertThat(file.inline()).isFalse();
                });
        assertThat(((MailEvent.Written) event.content()).headers())
                .containsExactly(Map.entry("X-Project", "42"));
        assertThat(event.content().conversation()).isEqualTo("task-42");
        assertThat(event.terms()).isEqualTo(MailEvent.Terms.NONE);
        assertThat(event.metadata())
                .containsExactly(Map.entry("anything", "kept in the log, never sent"));
    }

    @Test
    void leastEventHasTheDefaults() {
        MailEvent event = ok(LEAST + "}");

        assertThat(event.id()).isEqualTo(new EventId("/", "1"));
        assertThat(event.profile()).isEqualTo("default");
        assertThat(event.type()).isNull();
        assertThat(event.addressing().from()).isNull();
        assertThat(event.terms()).isEqualTo(MailEvent.Terms.NONE);
        assertThat(((MailEvent.Written) event.content()).attachments()).isEmpty();
        assertThat(event.metadata()).isEmpty();
    }

    @Test
    void nullIsAbsent() {
        String nulls =
                ",\"source\":null,\"type\":null,\"profile\":null,\"from\":null,\"cc\":null,"
                        + "\"bcc\":null,\"replyTo\":null,\"html\":null,\"attachments\":null,"
                        + "\"headers\":null,\"conversation\":null,\"sendAt\":null,"
                        + "\"expiresAt\":null,\"onDoubt\":null,\"metadata\":null}";

        assertThat(ok(LEAST + nulls)).isEqualTo(ok(LEAST + "}"));
        assertThat(ok(LEAST + ",\"headers\":{\"X-A\":null}}")).isEqualTo(ok(LEAST + "}"));
    }

    @Test
    void eventComesBackFromTheWireAsItWas() {
        long seed = new Random().nextLong();
        System.out.println("EventCodecTest seed " + seed);
        var events = new RandomEvents(new Random(seed));

        for (int i = 0; i < 2_000; i++) {
            MailEvent event = events.next();

            Decoded decoded = codec.decode(codec.encode(event));

            assertThat(decoded).as("seed %d, event %d", seed, i).isEqualTo(new Decoded.Ok(event));
        }
    }

    @Test
    void bytesAreTheSameForTheSameEvent() {
        MailEvent event = ok(CONTRACT);

        assertThat(codec.encode(event))
                .asString(UTF_8)
                .isEqualTo(
                        "{\"id\":\"task-42-assigned-7\",\"source\":\"/projects\",\"type\":\"task.assigned\","
                                + "\"profile\":\"default\",\"from\":\"Projects <projects@example.com>\","
                                + "\"to\":[\"Ada Lovelace <ada@example.org>\"],\"subject\":\"You have a new task\","
                                + "\"text\":\"…\",\"html\":\"…\",\"attachments\":[{\"name\":\"plan.pdf\","
                                + "\"contentType\":\"application/pdf\",\"content\":\"cGxhbg==\"}],"
                                + "\"headers\":{\"X-Project\":\"42\"},\"conversation\":\"task-42\","
                                + "\"onDoubt\":\"resend\",\"metadata\":{\"anything\":\"kept in the log, never sent\"}}");
    }

    @Test
    void termsAreTakenInAnyOffset() {
        MailEvent event =
                ok(
                        LEAST
                                + ",\"sendAt\":\"2026-11-22T10:00:00+01:00\","
                                + "\"expiresAt\":\"2026-11-22T09:00:00.000000001Z\",\"onDoubt\":\"hold\"}");

        assertThat(event.terms())
                .isEqualTo(
                        new MailEvent.Terms(
                                Instant.parse("2026-11-22T09:00:00Z"),
                                Instant.parse("2026-11-22T09:00:00.000000001Z"),
                                OnDoubt.HOLD));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    "sbuject":"x"                        | sbuject: unknown field 'sbuject'; did you mean 'subject'? free data goes into 'metadata'
                    "ReplyTo":[]                         | ReplyTo: unknown field 'ReplyTo'; did you mean 'replyTo'? free data goes into 'metadata'
                    "attachment":[]                      | attachment: unknown field 'attachment'; did you mean 'attachments'? free data goes into 'metadata'
                    "qqqqqqqqqqqq":{"deep":[1,{}]}       | qqqqqqqqqqqq: unknown field 'qqqqqqqqqqqq'; known are id, source, type
                    "x\\u0000\\n":1                      | x\\u0000\\u000a: unknown field 'x\\u0000\\u000a'
                    "cc":5                               | cc: expected an array of strings, got a number; write it as […], even if it is one
                    "cc":"a@b"                           | cc: expected an array of strings, got a string; write it as […], even if it is one
                    "cc":{}                              | cc: expected an array of strings, got an object
                    "cc":["a@b",7]                       | cc[1]: expected a string, got a number; put it in quotes
                    "cc":["a@b",null]                    | cc[1]: expected a string, got null; leave the entry out
                    "cc":["a@b",["c@d"]]                 | cc[1]: expected a string, got an array
                    "cc":["a@b","c"]                     | cc[1]: 'c': there is no '@'
                    "type":7                             | type: expected a string, got a number; put it in quotes
                    "html":true                          | html: expected a string, got a boolean
                    "profile":"no such"                  | profile: 'no such' is no name of a profile; use 1 to 100
                    "headers":[]                         | headers: expected an object, got an array
                    "headers":{"X-A":1}                  | headers.X-A: expected a string, got a number; put it in quotes
                    "headers":{"X-A":"1","x-a":"2"}      | headers.x-a: there is a field 'X-A' already
                    "headers":{"bcc":"a@b"}              | headers.bcc: a field of this name is not the application's to write
                    "headers":{"X A":"1"}                | headers.X A: no name of a header field
                    "headers":{"X-A":"1\\r\\nBcc: a@b"}  | headers.X-A: '1\\u000d\\u000aBcc: a@b' holds U+000D (a line break) at position 2
                    "attachments":{}                     | attachments: expected an array of objects, got an object
                    "attachments":["x"]                  | attachments[0]: expected an object, got a string
                    "attachments":[{"nmae":"x","content":""}] | attachments[0].nmae: unknown field 'nmae'; did you mean 'name'?
                    "attachments":[{"name":"x"}]         | attachments[0].content: it is missing; give the bytes, in base64
                    "attachments":[{"content":7}]        | attachments[0].content: expected a string of base64, got a number
                    "attachments":[{"content":"a-_="}]   | attachments[0].content: no base64; use the standard alphabet
                    "attachments":[{"content":"QQ"}]     | attachments[0].content: no base64
                    "attachments":[{"content":"QQ="}]    | attachments[0].content: no base64
                    "attachments":[{"content":"QQ==QQ=="}] | attachments[0].content: no base64
                    "attachments":[{"content":"QUFB\\r\\nQUFB"}] | attachments[0].content: no base64
                    "attachments":[{"content":"QQ==","contentType":"x"}] | attachments[0].contentType: 'x': no media type
                    "attachments":[{"content":"QQ==","contentId":"<x>"}] | attachments[0].contentId: '<x>' can't be a content id
                    "sendAt":"tomorrow"                  | sendAt: 'tomorrow' is no instant; write it as 2026-11-22T09:00:00Z
                    "sendAt":1700000000                  | sendAt: expected a string, got a number
                    "sendAt":"-1000000000-01-01T00:00:00Z" | sendAt: -1000000000-01-01T00:00:00Z is out of range
                    "expiresAt":"2026-11-22T09:00"       | expiresAt: '2026-11-22T09:00' is no instant
                    "onDoubt":"Resend"                   | onDoubt: 'Resend' is no answer to a doubt; write resend (at least once) or hold
                    "metadata":[]                        | metadata: expected an object, got an array
                    "metadata":{"a":"\\ud800"}           | metadata.a: it holds U+D800 (half of a surrogate pair)
                    "id":"2"                             | event: at byte
                    "metadata":{"a":1,"a":2}             | event: at byte
                    "metadata":{"a":123456789012345678901234567890123} | event: at byte
                    """)
    void oneProblemIsNamedWithItsPlaceAndRemedy(String property, String problem) {
        List<Problem> problems = problems(LEAST + "," + property + "}");

        assertThat(problems).singleElement().asString().startsWith(problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {}            | id: it is missing
                    {}            | to: there is no recipient
                    {}            | subject: it is missing
                    {}            | text: neither text nor html is there
                    []            | event: expected an object, got an array
                    "x"           | event: expected an object, got a string
                    42            | event: expected an object, got a number
                    null          | event: it is null
                    {"id":""}     | id: it is empty
                    {"id":7}      | id: expected a string, got a number
                    {"to":7}      | to: expected an array of strings, got a number
                    {"html":7}    | html: expected a string, got a number
                    """)
    void whatIsNoEventIsToldSo(String document, String problem) {
        assertThat(problems(document))
                .extracting(Problem::toString)
                .anySatisfy(text -> assertThat(text).startsWith(problem));
    }

    @Test
    void allProblemsAreToldAtOnceAndNoneTwice() {
        var problems =
                problems(
                        "{\"id\":7,\"to\":\"a@b\",\"subject\":\"a\\nb\",\"html\":[],"
                                + "\"cc\":[\"x\",7],\"headers\":{\"To\":\"x\"},\"nope\":1}");

        assertThat(problems)
                .extracting(Problem::field)
                .containsExactlyInAnyOrder(
                        "id", "to", "subject", "html", "cc[0]", "cc[1]", "headers.To", "nope");
    }

    @Test
    void problemsWithoutEndAreCounted() {
        String to = "\"x\",".repeat(10_000);

        var problems =
                problems("{\"id\":\"1\",\"subject\":\"\",\"text\":\"\",\"to\":[" + to + "\"x\"]}");

        assertThat(problems).hasSize(51);
        assertThat(problems.getLast()).asString().contains("9951 more problems");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "x",
                ",",
                "{\"a\":1}",
                "\"\"",
                "null",
                "]",
                "}",
                "//",
                "\u0000",
                "\ufeff"
            })
    void nothingMayFollowTheEvent(String more) {
        assertThat(problems(LEAST + "}" + more))
                .singleElement()
                .extracting(Problem::field)
                .isEqualTo("event");
    }

    @Test
    void malformedEventIsStillKnownByItsId() {
        Decoded decoded =
                codec.decode("{\"source\":\"/s\",\"id\":\"7\",\"nope\":1".getBytes(UTF_8));

        assertThat(decoded)
                .isInstanceOfSatisfying(
                        Decoded.Malformed.class,
                        malformed -> assertThat(malformed.id()).isEqualTo(new EventId("/s", "7")));
    }

    @Test
    void escapedSlashesInBase64AreTaken() {
        MailEvent event = ok(LEAST + ",\"attachments\":[{\"content\":\"\\/\\/8=\"}]}");

        assertThat(((MailEvent.Written) event.content()).attachments().getFirst().content())
                .containsExactly(0xff, 0xff);
        assertThat(((MailEvent.Written) event.content()).attachments().getFirst().name())
                .isEqualTo("attachment");
        assertThat(((MailEvent.Written) event.content()).attachments().getFirst().contentType())
                .isEqualTo("application/octet-stream");
    }

    @Test
    void numbersKeepTheirDigits() {
        MailEvent event =
                ok(LEAST + ",\"metadata\":{\"a\":1.10,\"b\":9007199254740993,\"c\":1E+300}}");

        assertThat(event.metadata())
                .containsEntry("a", new BigDecimal("1.10"))
                .containsEntry("b", 9007199254740993L)
                .containsEntry("c", new BigDecimal("1E+300"));
    }

    @Test
    void longestNamesPassTheWire() {
        MailEvent event =
                MailEvent.builder()
                        .id("1")
                        .to("a@b")
                        .subject("s")
                        .text("t")
                        .header("X".repeat(76), "v".repeat(4_000))
                        .metadata("漢".repeat(66), "x")
                        .metadata("a".repeat(200), "x")
                        .build();

        assertThat(codec.decode(codec.encode(event))).isEqualTo(new Decoded.Ok(event));
    }

    @Test
    void eventOfExactlyTheLimitPassesAndOneByteMoreDoesNot() {
        var small = new EventCodec(new EventLimits(100, 2_000));
        int frame = codec.encode(withText("")).length;
        MailEvent fits = withText("x".repeat(2_000 - frame));
        MailEvent tooLarge = withText("x".repeat(2_000 - frame + 1));

        assertThat(small.encode(fits)).hasSize(2_000);
        assertThat(small.decode(codec.encode(fits))).isEqualTo(new Decoded.Ok(fits));
        String problem = "event: 2,001 bytes as JSON, 1 more than the limit of 2,000; send large";
        assertThatThrownBy(() -> small.encode(tooLarge))
                .isInstanceOf(InvalidMailEvent.class)
                .hasMessageContaining(problem);
        assertThat(malformed(small.decode(codec.encode(tooLarge))))
                .singleElement()
                .asString()
                .startsWith(problem);
    }

    @Test
    void attachmentOfExactlyTheLimitPassesAndOneByteMoreDoesNot() {
        int frame = codec.encode(withFile(0)).length;
        int room = (EventLimits.DEFAULT.maxBytes() - frame) / 4 * 3;
        MailEvent fits = withFile(room);

        assertThat(codec.decode(codec.encode(fits))).isEqualTo(new Decoded.Ok(fits));
        assertThatThrownBy(() -> codec.encode(withFile(room + 1)))
                .isInstanceOf(InvalidMailEvent.class)
                .hasMessageContaining("more than the limit of 10,485,760");
    }

    @Test
    void whatIsTooLargeIsRefusedBeforeItIsWritten() {
        var lines = ("\u0001".repeat(900) + "\r\n").repeat(8_000);
        byte[] message = ("Subject: s\r\n\r\n" + lines).getBytes(UTF_8);
        var event = MailEvent.builder().id("1").to("a@b").message(message).build();
        long before = allocatedBytes();

        assertThatThrownBy(() -> codec.encode(event))
                .isInstanceOf(InvalidMailEvent.class)
                .hasMessageContaining("more than the limit of 10,485,760");

        assertThat(allocatedBytes() - before).isLessThan(message.length);
    }

    private static long allocatedBytes() {
        var threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
        return threads.getCurrentThreadAllocatedBytes();
    }

    @Test
    void recipientsAreCountedOnceEach() {
        var three = new EventCodec(new EventLimits(3, 10_000));
        var event =
                MailEvent.builder()
                        .id("1")
                        .subject("s")
                        .text("t")
                        .to("a@x", "b@x")
                        .cc("A <a@X>", "c@x")
                        .bcc("c@x");

        assertThat(three.decode(three.encode(event.build()))).isInstanceOf(Decoded.Ok.class);
        event.bcc("d@x");
        String problem = "to: 4 recipients in to, cc and bcc; the limit is 3; publish";
        assertThatThrownBy(() -> three.encode(event.build()))
                .isInstanceOf(InvalidMailEvent.class)
                .hasMessageContaining(problem);
        assertThat(malformed(three.decode(codec.encode(event.build()))))
                .singleElement()
                .asString()
                .startsWith(problem);
    }

    @Test
    void aFinishedMessageTravelsAsTextOrElseAsBase64() {
        var utf8 = "From: a@example.com\r\nSubject: ö\r\n\r\n\u0001\t\r\n".getBytes(UTF_8);
        var latin1 = "From: a@example.com\r\n\r\n\u00f6\r\n".getBytes(ISO_8859_1);
        for (var bytes : List.of(utf8, latin1)) {
            var event = MailEvent.builder().id("1").to("b@example.com").message(bytes).build();
            var json = new String(codec.encode(event), UTF_8);

            assertThat(ok(json)).isEqualTo(event);
            assertThat(json.contains("\"message\":")).isEqualTo(Utf8.firstFlaw(bytes) < 0);
            assertThat(event.addressing().from()).hasToString("a@example.com");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    "message":"Subject: s\\n\\nb","subject":"s","text":"t" | subject text
                    "message":"Subject: s\\n\\nb","html":"h","cc":["b@c.de"],"bcc":["b@c.de"],"replyTo":["b@c.de"] | html replyTo cc bcc
                    "message":"Subject: s\\n\\nb","headers":{"X":"y"},"conversation":"c","attachments":[{"content":""}] | attachments headers conversation
                    "message":"Subject: s\\n\\nb","messageBase64":"QTogYgo=" | message
                    "message":"no header" | message
                    "message":7 | message
                    "message":"A: \\ud800\\n" | message
                    "messageBase64":"?" | messageBase64
                    """)
    void aMessageIsThereInsteadOfAllElse(String fields, String wrong) {
        Decoded decoded =
                codec.decode(
                        ("{\"id\":\"1\",\"to\":[\"a@example.com\"]," + fields + "}")
                                .getBytes(UTF_8));

        assertThat(decoded)
                .isInstanceOfSatisfying(
                        Decoded.Malformed.class,
                        malformed ->
                                assertThat(malformed.problems().stream().map(Problem::field))
                                        .containsExactlyInAnyOrder(wrong.split(" ")));
    }

    @Test
    void whatCanBeBuiltCanBeDecoded() {
        var large = new EventCodec(new EventLimits(60_000, 20_000_000));
        var event = MailEvent.builder().id("1").subject("s").text("t");
        for (var list : List.of("to", "cc", "bcc")) {
            var mailboxes = IntStream.range(0, 20_000).mapToObj(i -> list + i + "@x").toList();
            switch (list) {
                case "to" -> event.to(mailboxes);
                case "cc" -> event.cc(mailboxes);
                default -> event.bcc(mailboxes);
            }
        }
        IntStream.range(0, 100).forEach(i -> event.replyTo(i + "@x").header("X-" + i, "v"));
        IntStream.range(0, 1_000).forEach(i -> event.inlineImage("i" + i, "n", "a/b", new byte[1]));
        IntStream.range(0, 10_000).forEach(i -> event.metadata("k" + i, i));

        MailEvent built = event.build();

        assertThat(large.decode(large.encode(built))).isEqualTo(new Decoded.Ok(built));
    }

    private static MailEvent withText(String text) {
        return MailEvent.builder().id("1").to("a@b").subject("s").text(text).build();
    }

    private static MailEvent withFile(int bytes) {
        return MailEvent.builder()
                .id("1")
                .to("a@b")
                .subject("s")
                .text("t")
                .attachment("n", "a/b", new byte[bytes])
                .build();
    }

    private MailEvent ok(String document) {
        return switch (codec.decode(document.getBytes(UTF_8))) {
            case Decoded.Ok ok -> ok.event();
            case Decoded.Malformed malformed ->
                    throw new AssertionError(malformed.problems().toString());
        };
    }

    private List<Problem> problems(String document) {
        return malformed(codec.decode(document.getBytes(UTF_8)));
    }

    private static List<Problem> malformed(Decoded decoded) {
        return switch (decoded) {
            case Decoded.Ok ok -> throw new AssertionError("taken: " + ok);
            case Decoded.Malformed malformed -> malformed.problems();
        };
    }
}
