package dev.outmail.delivery.mime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.outmail.mail.Attachment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The second lock by itself: no event brings it such values, for its records refuse them first.
class HeaderTextTest {
    @ParameterizedTest
    @ValueSource(strings = {"x\r\nBcc: a", "x\n", "\rx", "\0", "ü\u000b", "\u007f"})
    void textWithAControlCharacterIsRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HeaderText.requireText("Subject", text))
                .withMessageStartingWith("Subject: has the control character ");
    }

    @Test
    void textMayHaveTabs() {
        assertThat(HeaderText.requireText("Subject", "a\tb")).isEqualTo("a\tb");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "X Y", "X:Y", "X-ü", " X", "X ", "X\r\nBcc"})
    void aFieldNameThatIsNoneIsRefused(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> HeaderText.requireFieldName(name));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "png", "/", "a/", "/b", "a b/c", "a/b/c", "ü/b", "a/b; c=ü", "a/b, c/d"})
    void aMediaTypeThatIsNoneIsRefused(String type) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HeaderText.requireMediaType("content type", type));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/csv",
                "text/csv;charset=utf-8",
                "text/csv ; charset=\"utf-8\"",
                "a.b+c/x-{y}|z~; a=b ;c=d"
            })
    void everyMediaTypeThatAnAttachmentMayHavePasses(String type) {
        var attachment = new Attachment("a", type, new byte[0], null);

        assertThat(HeaderText.requireMediaType("content type", attachment.contentType()))
                .isEqualTo(type);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a>", "<a>", "ü", "a\r\nb"})
    void aContentIdThatIsNoneIsRefused(String id) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HeaderText.requireContentId("content id", id));
    }
}
