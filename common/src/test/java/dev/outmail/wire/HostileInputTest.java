package dev.outmail.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.mail.Attachment;
import dev.outmail.mail.EventLimits;
import dev.outmail.mail.MailEvent;
import dev.outmail.mail.MailEventBuilder;
import dev.outmail.mail.Mailbox;
import dev.outmail.mail.Problem;
import dev.outmail.mail.Validation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/// Nothing that others have collected to break programs breaks the codec or gets past it.
class HostileInputTest {
    private static final String LEAST =
            "{\"id\":\"1\",\"to\":[\"a@b\"],\"subject\":\"s\",\"text\":\"t\"";

    private static final String SIGNS = "\r\n\0\"\\{}[],: <>@";

    private final EventCodec codec = new EventCodec(EventLimits.DEFAULT);

    static Stream<Path> jsonTestSuite() throws IOException {
        try (var files = Files.list(resource("json-test-suite"))) {
            return files
                    .filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("jsonTestSuite")
    void noDocumentOfTheJsonTestSuiteIsAnEvent(Path file) throws IOException {
        Decoded decoded = codec.decode(Files.readAllBytes(file));

        assertThat(decoded).isInstanceOfSatisfying(Decoded.Malformed.class, this::isExplained);
    }

    /// The broken documents break an event, too, when they stand within one.
    @ParameterizedTest
    @MethodSource("jsonTestSuite")
    void theSameHoldsWithinMetadata(Path file) throws IOException {
        byte[] document =
                concat(
                        (LEAST + ",\"metadata\":{\"x\":").getBytes(UTF_8),
                        Files.readAllBytes(file),
                        "}}".getBytes(UTF_8));

        Decoded decoded = codec.decode(document);

        switch (decoded) {
            case Decoded.Malformed malformed -> isExplained(malformed);
            case Decoded.Ok ok -> {
                assertThat(file.getFileName().toString()).doesNotStartWith("n_");
                assertThat(codec.decode(codec.encode(ok.event()))).isEqualTo(ok);
            }
        }
    }

    enum Place {
        SUBJECT,
        TEXT,
        FROM_NAME,
        FROM_NAME_AS_IT_IS,
        HEADER_NAME,
        HEADER_VALUE,
        FILE_NAME,
        CONTENT_TYPE,
        CONTENT_ID,
        ADDRESS,
        LOCAL_PART,
        QUOTED_LOCAL_PART,
        DOMAIN,
        ID,
        TYPE,
        PROFILE,
        CONVERSATION,
        METADATA;

        MailEventBuilder write(MailEventBuilder event, String text) {
            return switch (this) {
                case SUBJECT -> event.subject(text);
                case TEXT -> event.text(text);
                case FROM_NAME -> event.from("\"" + escape(text) + "\" <a@b>");
                case FROM_NAME_AS_IT_IS -> event.from(text + " <a@b>");
                case HEADER_NAME -> event.header(text, "v");
                case HEADER_VALUE -> event.header("X-A", text);
                case FILE_NAME -> event.attachment(text, "a/b", new byte[1]);
                case CONTENT_TYPE -> event.attachment("n", text, new byte[1]);
                case CONTENT_ID -> event.inlineImage(text, "n", "a/b", new byte[1]);
                case ADDRESS -> event.cc(text);
                case LOCAL_PART -> event.cc(text + "@example.org");
                case QUOTED_LOCAL_PART -> event.cc("\"" + escape(text) + "\"@example.org");
                case DOMAIN -> event.cc("ada@" + text);
                case ID -> event.id(text);
                case TYPE -> event.type(text);
                case PROFILE -> event.profile(text);
                case CONVERSATION -> event.conversation(text);
                case METADATA -> event.metadata(text, text);
            };
        }

        private static String escape(String text) {
            return text.replace("\\", "\\\\").replace("\"", "\\\"");
        }
    }

    @ParameterizedTest
    @EnumSource
    void naughtyStringIsRefusedOrTakenWhole(Place place) {
        for (String naughty : naughtyStrings()) {
            var event = MailEvent.builder().id("1").to("a@b").subject("s").text("t");

            switch (place.write(event, naughty).validate()) {
                case Validation.Invalid invalid ->
                        isExplained(new Decoded.Malformed(null, invalid.problems()));
                case Validation.Valid valid -> {
                    assertThat(codec.decode(codec.encode(valid.event())))
                            .as("%s", naughty)
                            .isEqualTo(new Decoded.Ok(valid.event()));
                    headerLikeFieldsAreOneLine(valid.event());
                }
            }
        }
    }

    @Test
    void mutatedEventIsMalformedOrSound() {
        long seed = new Random().nextLong();
        System.out.println("HostileInputTest seed " + seed);
        var random = new Random(seed);
        var events = new RandomEvents(random);
        int sound = 0;

        for (int i = 0; i < 3_000; i++) {
            byte[] mutant = mutate(codec.encode(events.next()), random);
            switch (codec.decode(mutant)) {
                case Decoded.Malformed malformed -> isExplained(malformed);
                case Decoded.Ok ok -> {
                    headerLikeFieldsAreOneLine(ok.event());
                    assertThat(codec.decode(codec.encode(ok.event())))
                            .as("seed %d, event %d", seed, i)
                            .isEqualTo(ok);
                    sound++;
                }
            }
        }

        assertThat(sound).as("seed %d: some mutations do no harm", seed).isBetween(1, 2_999);
    }

    @Test
    void depthIsRefusedNotFollowed() {
        int depth = 100_000;
        for (String open : List.of("[", "{\"a\":")) {
            for (String field : List.of("metadata", "to", "headers", "attachments", "nope")) {
                byte[] document =
                        (LEAST + ",\"" + field + "\":{\"x\":" + open.repeat(depth)).getBytes(UTF_8);

                assertThat(codec.decode(document)).isInstanceOf(Decoded.Malformed.class);
            }
        }
    }

    @Test
    void whatIsNotThereIsMalformed() {
        assertThat(codec.decode(null)).isInstanceOf(Decoded.Malformed.class);
        assertThat(codec.decode(new byte[0])).isInstanceOf(Decoded.Malformed.class);
    }

    static Stream<byte[]> otherEncodings() {
        String event = LEAST + "}";
        return Stream.of(
                ("\ufeff" + event).getBytes(UTF_8),
                event.getBytes(StandardCharsets.UTF_16),
                event.getBytes(StandardCharsets.UTF_16LE),
                event.getBytes(StandardCharsets.UTF_16BE),
                (" " + event).getBytes(StandardCharsets.UTF_16LE),
                event.getBytes(Charset.forName("UTF-32LE")),
                event.getBytes(Charset.forName("UTF-32BE")),
                event.replace("\"s\"", "\"ü\"").getBytes(StandardCharsets.ISO_8859_1),
                // overlong, an encoded surrogate, beyond Unicode, cut short
                subject(0xc0, 0xaf),
                subject(0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80),
                subject(0xf4, 0x90, 0x80, 0x80),
                subject(0xe6, 0xbc));
    }

    @ParameterizedTest
    @MethodSource("otherEncodings")
    void onlyUtf8WithoutByteOrderMarkIsTaken(byte[] document) {
        assertThat(codec.decode(document))
                .isInstanceOfSatisfying(
                        Decoded.Malformed.class,
                        malformed ->
                                assertThat(malformed.problems())
                                        .singleElement()
                                        .asString()
                                        .containsAnyOf("UTF-8", "byte order mark"));
    }

    /// A table of names is shared by all documents; one full of odd names must not spoil it.
    @Test
    void hostileNamesDoNotSpoilTheNextEvent() {
        var random = new Random(1);
        for (int i = 0; i < 20; i++) {
            var names = new StringBuilder(LEAST).append(",\"metadata\":{");
            for (int j = 0; j < 9_000; j++) {
                names.append("\"").append(Long.toString(random.nextLong(), 36)).append("\":1,");
            }
            codec.decode(names.append("\"x\":1}}").toString().getBytes(UTF_8));

            assertThat(codec.decode((LEAST + "}").getBytes(UTF_8))).isInstanceOf(Decoded.Ok.class);
        }
    }

    private void isExplained(Decoded.Malformed malformed) {
        assertThat(malformed.problems()).isNotEmpty();
        for (Problem problem : malformed.problems()) {
            isOneLine(problem.toString());
            assertThat(problem.what()).isNotBlank().doesNotContain("could not be read");
            assertThat(problem.remedy()).isNotBlank();
        }
    }

    private static void headerLikeFieldsAreOneLine(MailEvent event) {
        isOneLine(event.id().toString());
        isOneLine(event.type());
        isOneLine(event.profile());
        isOneLine(event.content().subject());
        isOneLine(event.content().conversation());
        ((MailEvent.Written) event.content())
                .headers()
                .forEach((name, value) -> isOneLine(name + value));
        var addressing = event.addressing();
        Stream.of(addressing.to(), addressing.cc(), addressing.bcc(), addressing.replyTo())
                .flatMap(List::stream)
                .map(Mailbox::toString)
                .forEach(HostileInputTest::isOneLine);
        isOneLine(String.valueOf(addressing.from()));
        for (Attachment file : ((MailEvent.Written) event.content()).attachments()) {
            isOneLine(file.name() + file.contentType() + file.contentId());
            assertThat(file.name()).doesNotContain("/", "\\").doesNotStartWith(".").isNotEmpty();
        }
    }

    private static void isOneLine(@Nullable String text) {
        if (text != null) {
            assertThat(text.chars())
                    .noneMatch(c -> Character.isISOControl(c) || c == 0x2028 || c == 0x2029);
            assertThat(UTF_8.newEncoder().canEncode(text)).isTrue();
        }
    }

    private static byte[] mutate(byte[] document, Random random) {
        byte[] mutant = document.clone();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            int at = random.nextInt(mutant.length);
            mutant =
                    switch (random.nextInt(6)) {
                        case 0 -> replaced(mutant, at, (byte) random.nextInt(256));
                        case 1 ->
                                replaced(
                                        mutant,
                                        at,
                                        (byte) SIGNS.charAt(random.nextInt(SIGNS.length())));
                        case 2 -> Arrays.copyOf(mutant, Math.max(1, at));
                        case 3 ->
                                concat(
                                        Arrays.copyOf(mutant, at),
                                        "\\r\\nBcc: x@y".getBytes(UTF_8),
                                        rest(mutant, at));
                        case 4 ->
                                concat(
                                        Arrays.copyOf(mutant, at),
                                        rest(
                                                mutant,
                                                Math.min(
                                                        mutant.length - 1,
                                                        at + random.nextInt(9))));
                        default ->
                                concat(
                                        Arrays.copyOf(mutant, at),
                                        "\\u0000".getBytes(UTF_8),
                                        rest(mutant, at));
                    };
        }
        return mutant;
    }

    private static byte[] replaced(byte[] bytes, int at, byte by) {
        bytes[at] = by;
        return bytes;
    }

    private static byte[] rest(byte[] bytes, int from) {
        return Arrays.copyOfRange(bytes, from, bytes.length);
    }

    private static byte[] subject(int... octets) {
        byte[] raw = new byte[octets.length];
        for (int i = 0; i < octets.length; i++) {
            raw[i] = (byte) octets[i];
        }
        return concat(
                "{\"id\":\"1\",\"to\":[\"a@b\"],\"text\":\"t\",\"subject\":\"".getBytes(UTF_8),
                raw,
                "\"}".getBytes(UTF_8));
    }

    private static byte[] concat(byte[]... parts) {
        var all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static List<String> naughtyStrings() {
        Path file = resource("naughty-strings").resolve("blns.json");
        return List.of(JsonMapper.shared().readValue(file, String[].class));
    }

    private static Path resource(String name) {
        try {
            return Path.of(HostileInputTest.class.getResource(name).toURI());
        } catch (URISyntaxException e) {
            throw new UncheckedIOException(new IOException(e));
        }
    }
}
