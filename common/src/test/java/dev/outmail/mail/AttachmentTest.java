package dev.outmail.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AttachmentTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    plan.pdf                     | plan.pdf
                    Plan für 漢字 😀.pdf         | Plan für 漢字 😀.pdf
                    ../../etc/passwd             | passwd
                    C:\\fakepath\\plan.pdf       | plan.pdf
                    /plan.pdf                    | plan.pdf
                    plan.pdf/                    | attachment
                    .htaccess                    | htaccess
                    ...                          | attachment
                    ` . plan.pdf . `             | plan.pdf
                    ``                           | attachment
                    `   `                        | attachment
                    a"b;c.pdf                    | a"b;c.pdf
                    """)
    void nameIsCleaned(String written, String cleaned) {
        assertThat(file(written).name()).isEqualTo(cleaned);
    }

    @Test
    void nameLosesWhatBreaksLinesOrReordersText() {
        assertThat(file("a\r\nBcc: x\u0000.pdf").name()).isEqualTo("aBcc: x.pdf");
        assertThat(file("gpj.\u202eexe").name()).isEqualTo("gpj.exe");
        assertThat(file("\u0085\u2028\u2029\u0007").name()).isEqualTo("attachment");
    }

    @Test
    void longNameKeepsItsExtension() {
        assertThat(file("x".repeat(300) + ".pdf").name()).isEqualTo("x".repeat(196) + ".pdf");
        assertThat(file("x".repeat(300)).name()).isEqualTo("x".repeat(200));
        assertThat(file("😀".repeat(150)).name()).isEqualTo("😀".repeat(100));
        assertThat(file("x" + "😀".repeat(150)).name()).isEqualTo("x" + "😀".repeat(99));
        assertThat(file("x." + "y".repeat(300)).name()).hasSize(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/pdf",
                "text/plain; charset=utf-8",
                "text/plain;charset=\"utf-8\"",
                "message/rfc822",
                "application/vnd.oasis.opendocument.text",
                "image/svg+xml",
                "text/calendar; method=REQUEST; charset=UTF-8",
                "a/b",
                "x-y/z!#$&^_.+-",
                "TEXT/HTML",
                "text/xml; namespace=x",
                "a/b; c=\"\"",
                "a/b ; c=d"
            })
    void mediaTypeIsTaken(String type) {
        assertThat(new Attachment("n", type, new byte[0], null).contentType()).isEqualTo(type);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "pdf",
                "application",
                "application/",
                "/pdf",
                "a/b/c",
                "a b/c",
                "a/b c",
                "a/b;",
                "a/b; ",
                "a/b; c",
                "a/b; c=",
                "a/b; =d",
                "a/b; c=d e",
                "a/b; c=\"d",
                "a/b; c=\"d\\\"\"",
                "a/b; c=d;",
                "a/b (comment)",
                "a/b\r\n",
                "a/b\r\nBcc: x",
                "a/b; c=\"d\r\ne\"",
                "ä/b",
                "a/b; c=ü",
                "multipart/mixed",
                "Multipart/Alternative",
                "message/external-body",
                "message/partial; id=x",
                "a/b; name=x.exe",
                "a/b; NAME*=x",
                "a/b; name*0=x",
                " a/b",
                "a/b,c/d",
                "a@b/c"
            })
    void mediaTypeIsRefused(String type) {
        assertThatThrownBy(() -> new Attachment("n", type, new byte[0], null))
                .isInstanceOf(InvalidMailEvent.class)
                .hasMessageContaining("attachment.contentType");
    }

    @ParameterizedTest
    @ValueSource(strings = {"logo", "logo@example.com", "a.b_c-1@x", "a+b=c$d~e!f#g*h"})
    void contentIdIsTaken(String contentId) {
        assertThat(new Attachment("n", "a/b", new byte[0], contentId).inline()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "<logo>", "a b", "a\nb", "ä", "a\"b", "a>b", "a%b", "a/b", "a'b", "a(b"})
    void contentIdIsRefused(String contentId) {
        assertThatThrownBy(() -> new Attachment("n", "a/b", new byte[0], contentId))
                .isInstanceOf(InvalidMailEvent.class)
                .hasMessageContaining("attachment.contentId");
    }

    private static Attachment file(String name) {
        return new Attachment(name, "a/b", new byte[0], null);
    }
}
