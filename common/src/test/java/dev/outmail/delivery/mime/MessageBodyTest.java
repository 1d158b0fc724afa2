package dev.outmail.delivery.mime;

import static dev.outmail.delivery.mime.Events.content;
import static dev.outmail.delivery.mime.Events.event;
import static dev.outmail.delivery.mime.Events.textOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.mail.Attachment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageBodyTest {
    private static final byte[] CONTENT = {1, 2, 3};

    @Test
    void oneBodyAloneIsNoMultipart() {
        String message = textOf(event(content("Hello", null, "<p>Hi")));

        assertThat(message)
                .contains("\r\nContent-Type: text/html; charset=UTF-8\r\n")
                .doesNotContain("multipart")
                .endsWith("\r\n\r\n<p>Hi\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"message/rfc822", "MESSAGE/delivery-status"})
    void aMailAsAttachmentTravelsAsAFile(String type) {
        var mail = new Attachment("old.eml", type, CONTENT, null);

        String message = textOf(event(content("Hello", "Hi", null, mail)));

        assertThat(message)
                .contains(
                        """
                        Content-Type: application/octet-stream
                        Content-Transfer-Encoding: base64
                        Content-Disposition: attachment; filename="old.eml"

                        AQID
                        """
                                .replace("\n", "\r\n"))
                .doesNotContain(type);
    }

    @Test
    void anImageThatNoHtmlCanReferToIsAPlainAttachment() {
        var image = new Attachment("a.png", "image/png", CONTENT, "a@example.com");

        String message = textOf(event(content("Hello", "Hi", null, image)));

        assertThat(message)
                .contains(
                        "multipart/mixed",
                        "\r\nContent-Disposition: attachment; filename=\"a.png\"")
                .doesNotContain("multipart/related", "Content-ID");
    }
}
