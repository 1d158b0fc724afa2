package dev.outmail.delivery.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.delivery.Reason;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyTest {

    @Test
    void aReplyHasACodeAnEnhancedCodeAndWords() {
        assertThat(Reply.parse("550 5.1.1 no such user\n"))
                .isEqualTo(new Reply(550, new EnhancedCode(5, 1, 1), "no such user"));
    }

    @Test
    void theLinesOfAReplyAreOneTextWithTheEnhancedCodeOnce() {
        var answer = Reply.parse("550-5.1.1 no\n550-5.1.1  such \n550 5.1.1 user\n");

        assertThat(answer).isEqualTo(new Reply(550, new EnhancedCode(5, 1, 1), "no such user"));
        assertThat(answer.detail()).isEqualTo("550 5.1.1 no such user");
    }

    @ParameterizedTest
    @ValueSource(strings = {"250", "250\n", "250 \n", "250-\n250 \n", "250-\n250\n"})
    void wordsAreOptional(String said) {
        assertThat(Reply.parse(said)).isEqualTo(new Reply(250, null, ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "5.1.1.1 x",
                "5.1.1x",
                "3.1.1 x",
                "5.1000.1 x",
                "5.1 x",
                "x 5.1.1",
                "50.1.1 x"
            })
    void whatOnlyLooksLikeAnEnhancedCodeIsWords(String words) {
        assertThat(Reply.parse("550 " + words)).isEqualTo(new Reply(550, null, words));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\n",
                "hello\n",
                "25\n",
                "2500 x\n",
                "250x\n",
                "150 x\n",
                "650 x\n",
                "+25 x\n",
                "-25 x\n",
                "250-a\nb\n",
                "250-a\n550 b\n",
                "<html>\n",
                "HTTP/1.1 400\n"
            })
    void whatIsNoReplyIsGarbled(String said) {
        assertThat(Reply.parse(said)).isInstanceOf(Answer.Garbled.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[EOF]", "", "250-a\n", "250-a\n250-b\n"})
    void anEndBeforeTheLastLineIsALoss(String said) {
        assertThat(Reply.parse(said))
                .isInstanceOfSatisfying(
                        Answer.Lost.class,
                        lost -> assertThat(lost.reason()).isEqualTo(Reason.CONNECTION_LOST));
    }

    @Test
    void wordsArePrintableAndShort() {
        var hostile = (Reply) Reply.parse("550 \u001b[2J\u0000" + "x".repeat(50_000));

        assertThat(hostile.text()).startsWith("\\u001b[2J\\u0000xxx").hasSize(2_048);
        assertThat(hostile.detail()).hasSize(2_048);
    }

    @Test
    void wordsInUtf8AreRead() {
        String asBytes =
                new String(
                        "550 unbekannt: ü漢".getBytes(StandardCharsets.UTF_8),
                        StandardCharsets.ISO_8859_1);

        assertThat(Reply.parse(asBytes).detail()).isEqualTo("550 unbekannt: ü漢");
        assertThat(Reply.parse("550 \u00fc\u009b").detail()).isEqualTo("550 ü\\u009b");
    }
}
