package dev.outmail.delivery.mime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.mail.EmailAddress;
import dev.outmail.mail.Mailbox;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.james.mime4j.codec.DecoderUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class HeaderWriterTest {
    private static final EmailAddress ADDRESS = new EmailAddress("ada", "example.org");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "Hello|Hello",
                "Two  spaces stay|Two  spaces stay",
                "A tab\tstays|A tab\tstays",
                "Is it =? or not|=?UTF-8?Q?Is_it_=3D=3F_or_not?=",
                "=?UTF-8?Q?x?=|=?UTF-8?B?PT9VVEYtOD9RP3g/PQ==?=",
                " led by a space|=?UTF-8?Q?_led_by_a_space?=",
                "ended by one |=?UTF-8?Q?ended_by_one_?=",
                "Grüße aus dem Norden|=?UTF-8?Q?Gr=C3=BC=C3=9Fe_aus_dem_Norden?=",
                "世界|=?UTF-8?B?5LiW55WM?=",
                "\ud83d alone|=?UTF-8?Q?=3F_alone?=",
            })
    void aSubjectIsWrittenAsPlainlyAsItCanBe(String subject, String written) {
        assertThat(write(header -> header.text("Subject", subject)))
                .isEqualTo("Subject: " + written + "\r\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "Ada Lovelace|Ada Lovelace",
                "O'Neill & Sons|O'Neill & Sons",
                "Dr. Ada|\"Dr. Ada\"",
                "Lovelace, Ada|\"Lovelace, Ada\"",
                "ada@example.org|\"ada@example.org\"",
                "\"Ada\" \\o/|\"\\\"Ada\\\" \\\\o/\"",
                "Ada  Lovelace|\"Ada  Lovelace\"",
                "Zoë Washburne|=?UTF-8?Q?Zo=C3=AB_Washburne?=",
            })
    void aNameIsWrittenAsPlainlyAsItCanBe(String name, String written) {
        assertThat(write(header -> header.mailboxes("To", List.of(new Mailbox(name, ADDRESS)))))
                .isEqualTo("To: " + written + " <ada@example.org>\r\n");
    }

    @Test
    void anEmptyNameIsNone() {
        assertThat(write(header -> header.mailboxes("To", List.of(new Mailbox("", ADDRESS)))))
                .isEqualTo("To: ada@example.org\r\n");
    }

    @Test
    void textIsFoldedAtSingleSpaces() {
        String text = "seven 7 ".repeat(9) + "  last word" + " tail".repeat(3);

        assertThat(write(header -> header.text("Subject", text)))
                .isEqualTo(
                        "Subject:"
                                + " seven 7".repeat(8)
                                + "\r\n seven 7   last word tail tail tail\r\n");
    }

    @Test
    void aSubjectWithAWordTooLongForTheFirstLineIsEncoded() {
        String word = "x".repeat(67);

        assertThat(write(header -> header.text("Subject", word)))
                .isEqualTo("Subject: " + word + "\r\n");
        assertThat(write(header -> header.text("Subject", word + "x")))
                .startsWith("Subject: =?UTF-8?Q?xxxx");
    }

    @Test
    void aWordTooLongForTheFirstLineGoesToOneOfItsOwn() {
        String url = "<https://example.com/" + "x".repeat(50) + ">";

        assertThat(write(header -> header.custom("List-Unsubscribe", url)))
                .isEqualTo("List-Unsubscribe:\r\n " + url + "\r\n");
    }

    @Test
    void aWordTooLongForAnyLineStaysWholeUpToTheLimit() {
        String word = "x".repeat(HeaderWriter.MAX_TOKEN);

        assertThat(write(header -> header.custom("X-Word", word + " " + word)))
                .isEqualTo("X-Word: " + word + "\r\n " + word + "\r\n");
        assertThat(write(header -> header.custom("X-Word", word + "x")))
                .startsWith("X-Word: =?UTF-8?Q?xxxx");
    }

    @Test
    void aFieldForProgramsIsNotEncodedForAQuestionMark() {
        String url = "<https://example.com/?a=?&b=1>";

        assertThat(write(header -> header.custom("List-Help", " " + url + " ")))
                .isEqualTo("List-Help: " + url + "\r\n");
    }

    static Stream<String> longTexts() {
        return Stream.of(
                "ü".repeat(2_000), "世".repeat(2_000), "🎉".repeat(2_000), "aé ".repeat(2_000));
    }

    @ParameterizedTest
    @MethodSource("longTexts")
    void encodedWordsHoldWholeCharactersAndFitTheirLines(String text) {
        String field = write(header -> header.text("Subject", text));

        for (String line : field.split("\r\n")) {
            assertThat(line.length()).isBetween(6, 76);
            String word = line.replace("Subject:", "").strip();
            assertThat(word).matches("=\\?UTF-8\\?[BQ]\\?\\S+\\?=").hasSizeLessThanOrEqualTo(75);
            assertThat(DecoderUtil.decodeEncodedWords(word, StandardCharsets.UTF_8))
                    .doesNotContain("\ufffd");
        }
    }

    private static String write(Consumer<HeaderWriter> fields) {
        var out = new MessageBytes(8);
        fields.accept(new HeaderWriter(out));
        return new String(out.toByteArray(), StandardCharsets.UTF_8);
    }
}
