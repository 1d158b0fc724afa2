package dev.outmail.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FinishedMessageTest {
    private static FinishedMessage message(String text) {
        return FinishedMessage.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(FinishedMessage message) {
        return new String(message.bytes(), StandardCharsets.UTF_8);
    }

    @Test
    void aMessageInOrderIsLeftAsItIs() {
        var bytes = "Subject: s\r\n\r\n.\r\nb\r\n".getBytes(StandardCharsets.UTF_8);

        assertThat(FinishedMessage.of(bytes).bytes()).isSameAs(bytes);
    }

    @ParameterizedTest
    @CsvSource({
        "'Subject: s\n\nb', 'Subject: s\r\n\r\nb\r\n'",
        "'Subject: s\r\n\nb\r\n', 'Subject: s\r\n\r\nb\r\n'",
        "'Subject: s\n', 'Subject: s\r\n'",
        "'Subject: s\n\n', 'Subject: s\r\n\r\n'",
        "'Subject: s\n\nb\n\n', 'Subject: s\r\n\r\nb\r\n\r\n'"
    })
    void everyLineEndsInCrlf(String written, String sent) {
        assertThat(text(message(written))).isEqualTo(sent);
    }

    @Test
    void longLinesGoOnOnTheNextOneAndNoCharacterIsCut() {
        var message = message("Subject: s\n\n" + "ö".repeat(1_500) + "\n");

        for (var line : text(message).split("\r\n")) {
            assertThat(line.getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(998);
        }
        assertThat(text(message).replace("\r\n ", "")).contains("ö".repeat(1_500));
    }

    /// Before a space, so that it reads as before; where there is none, behind a comma.
    @ParameterizedTest
    @ValueSource(strings = {", ", ",", ",\t", " ,"})
    void aLongFieldIsFoldedSuchThatItsAddressesStayWhole(String between) {
        var addresses = new ArrayList<String>();
        for (int i = 0; i < 200; i++) {
            addresses.add("somebody.number." + i + "@example.org");
        }
        var written = String.join(between, addresses);
        var message = message("Bcc: " + written + "\nSubject: s\n\nb\n");

        for (var line : text(message).split("\r\n")) {
            assertThat(line.length()).isLessThanOrEqualTo(998);
        }
        var value = message.field("Bcc").orElseThrow();
        assertThat(value.split("[, \t]+")).containsExactlyElementsOf(addresses);
        assertThat(between.equals(",") ? value.replace(" ", "") : value).isEqualTo(written);
    }

    @Test
    void aLongFieldWithoutAPlaceToFoldItIsCut() {
        var message = message("X: " + "x".repeat(3_000) + "\n\nb\n");

        for (var line : text(message).split("\r\n")) {
            assertThat(line.length()).isLessThanOrEqualTo(998);
        }
        assertThat(message.field("X").orElseThrow().replace(" ", "")).isEqualTo("x".repeat(3_000));
    }

    @Test
    void aLineOf998OctetsIsNotTooLong() {
        var written = "Subject: s\r\n\r\n" + "x".repeat(998) + "\r\n";

        assertThat(text(message(written))).isEqualTo(written);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n",
                "\r\n\r\nbody",
                "no header\n\nb",
                ": v\n\nb",
                " folded\n\nb",
                "Sübject: s\n\nb",
                "Subject: s\r\n\r\na\rb",
                "Subject: s\r",
                "Subject: s\r\n\r\na\u0000b"
            })
    void whatIsNoMessageIsRefused(String written) {
        assertThatThrownBy(() -> message(written)).isInstanceOf(InvalidMailEvent.class);
    }

    @Test
    void fieldsAreFoundWhateverTheirCaseUnfolded() {
        var message =
                message(
                        "Subject: =?utf-8?q?J=C3=B6rg?=\n =?utf-8?q?_Meyer?=\nFROM : \"A, B\""
                                + " <a@example.com>\nmessage-id:\n <1@example.com>\n\nSubject: no\n");

        assertThat(message.subject()).isEqualTo("Jörg Meyer");
        assertThat(message.messageId()).contains("<1@example.com>");
        assertThat(message.from()).contains(Mailbox.parse("\"A, B\" <a@example.com>"));
        assertThat(message.fieldNames()).containsExactly("Subject", "FROM", "message-id");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a@example.com, b@example.com",
                "nobody",
                "",
                "=?x?q?a?= <a@@b>",
                "g: a@b.c;"
            })
    void aFromThatNamesNoOneMailboxIsNobody(String from) {
        assertThat(message("From: " + from + "\n\nb\n").from()).isEmpty();
    }

    /// What reads mailboxes takes time by the square of some lengths.
    @Test
    void aFromTooLongForAMailboxIsNotReadForOne() {
        assertThat(message("From: " + "(".repeat(200_000) + "\n\nb\n").from()).isEmpty();
    }

    @Test
    void aHeaderThatGetsTooLargeIsRefusedNotCutOff() {
        var full = message("A: 1\n".repeat(1_000) + "\nb\n");

        assertThatThrownBy(() -> full.with("B", "2")).isInstanceOf(InvalidMailEvent.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1@example.com", "<a> <b>", "<a b@c>", "<ä@c>", "<>x"})
    void aMessageIdThatIsNoneIsNotTakenForOne(String id) {
        assertThat(message("Message-ID: " + id + "\n\nb\n").messageId()).isEmpty();
    }

    @Test
    void fieldsComeAndGoTheRestStays() {
        var message = message("A: 1\nBcc: x@example.com,\n y@example.com\nB: 2\n\nBcc: body\n");

        assertThat(text(message.without("bcc"::equalsIgnoreCase).with("C", "ö")))
                .isEqualTo("A: 1\r\nB: 2\r\nC: =?UTF-8?B?w7Y=?=\r\n\r\nBcc: body\r\n");
    }

    @Test
    void valuesAreRewrittenWhereTheyStandAndTheRestStays() {
        var message = message("A: 1\nTo: ö,\n y\nB: 2\n\nTo: body\n");

        assertThat(text(message.withValues("TO"::equalsIgnoreCase, old -> old.replace("y", "z"))))
                .isEqualTo("A: 1\r\nTo: ö,\r\n z\r\nB: 2\r\n\r\nTo: body\r\n");
    }

    @Test
    void anyBytesAreAMessageOrRefused() {
        long seed = Long.getLong("outmail.test.seed", System.nanoTime());
        System.out.println("FinishedMessageTest: outmail.test.seed=" + seed);
        var random = new Random(seed);
        var pieces = new String[] {"\r", "\n", "\r\n", ":", " ", "a", "Subject", "ö", "\t", "x: y"};
        for (int i = 0; i < 20_000; i++) {
            var written = new StringBuilder();
            for (int n = random.nextInt(12); n >= 0; n--) {
                written.append(pieces[random.nextInt(pieces.length)]);
            }
            try {
                var message = message(written.toString());
                assertThat(text(message)).endsWith("\r\n").doesNotContainPattern("[^\r]\n|\r[^\n]");
                assertThat(message(text(message))).isEqualTo(message);
            } catch (InvalidMailEvent e) {
                assertThat(e.problems()).isNotEmpty();
            }
        }
    }
}
