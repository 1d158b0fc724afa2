package dev.outmail.console.log;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.mail.Attachment;
import dev.outmail.mail.FinishedMessage;
import dev.outmail.mail.MailEvent;
import java.nio.charset.Charset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartsTest {
    private static Parts parts(String message, Charset charset) {
        return Parts.of(new MailEvent.Finished(FinishedMessage.of(message.getBytes(charset))));
    }

    private static Parts parts(String message) {
        return parts(message, UTF_8);
    }

    @Test
    void aPlainMessageIsItsText() {
        assertThat(parts("Subject: s\n\nHello\n").text()).isEqualTo("Hello\r\n");
    }

    @Test
    void textIsInItsCharacterSet() {
        assertThat(
                        parts("Content-Type: text/plain; charset=iso-8859-1\n\nGrüße\n", ISO_8859_1)
                                .text())
                .isEqualTo("Grüße\r\n");
        assertThat(parts("Content-Type: text/plain; charset=nobodys\n\nGrüße\n").text())
                .isEqualTo("Grüße\r\n");
    }

    @Test
    void textHtmlPicturesAndFilesAreFoundWhereverTheyAre() {
        var parts =
                parts(
                        """
                        Content-Type: multipart/mixed; boundary=m

                        --m
                        Content-Type: multipart/alternative; boundary=a

                        --a
                        Content-Type: text/plain; charset=utf-8
                        Content-Transfer-Encoding: quoted-printable

                        Gr=C3=BC=C3=9Fe
                        --a
                        Content-Type: text/html; charset=utf-8

                        <p>Grüße</p>
                        --a--
                        --m
                        Content-Type: image/png; name=logo.png
                        Content-ID: <logo>
                        Content-Transfer-Encoding: base64

                        AQID
                        --m
                        Content-Type: text/plain
                        Content-Disposition: attachment; filename="../../plan.txt"

                        Plan B
                        --m--
                        """);

        assertThat(parts.text()).isEqualTo("Grüße");
        assertThat(parts.html()).isEqualTo("<p>Grüße</p>");
        assertThat(parts.attachments())
                .containsExactly(
                        new Attachment("logo.png", "image/png", new byte[] {1, 2, 3}, "logo"),
                        new Attachment("plan.txt", "text/plain", "Plan B".getBytes(UTF_8), null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Type: multipart/mixed\n\nno boundary\n",
                "Content-Type: multipart/mixed; boundary=x\n\nno part\n",
                "Content-Type: ///\n\nb\n",
                "Content-Type: image/png\nContent-ID: <<>>\nContent-Transfer-Encoding: rot13\n\nb\n",
                "Content-Transfer-Encoding: base64\n\n????\n"
            })
    void whatIsNoMimeIsShownAsFarAsItGoes(String message) {
        var parts = parts(message);

        assertThat(parts.text() != null || !parts.attachments().isEmpty()).isTrue();
    }

    @Test
    void partsWithinPartsEndSomewhere() {
        var message = new StringBuilder("Content-Type: multipart/mixed; boundary=b0\n\n");
        for (int i = 0; i < 1_000; i++) {
            message.append("--b")
                    .append(i)
                    .append("\nContent-Type: multipart/mixed; boundary=b")
                    .append(i + 1)
                    .append("\n\n");
        }

        assertThat(parts(message.toString()).attachments()).isEmpty();
    }
}
