package dev.outmail.delivery.mime;

import dev.outmail.mail.Attachment;
import dev.outmail.mail.MailEvent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes a message's parts: what can be shown, as text before HTML (multipart/alternative), the
/// HTML with the images it refers to (multipart/related), and the attachments after it all
/// (multipart/mixed). A multipart of one part is not written.
final class MessageBody {
    private final MailEvent.Written content;
    private final List<Attachment> inline = new ArrayList<>(0);
    private final List<Attachment> attached = new ArrayList<>(0);
    private final String token;
    private final HeaderWriter header;
    private final MessageBytes out;

    /// @param token what makes boundaries particular to the event
    MessageBody(MailEvent.Written content, String token, HeaderWriter header, MessageBytes out) {
        this.content = content;
        this.token = token;
        this.header = header;
        this.out = out;
        for (var attachment : content.attachments()) {
            // without HTML nothing can refer to it
            boolean shown = attachment.inline() && content.html() != null;
            (shown ? inline : attached).add(attachment);
        }
    }

    /// All of it, from its Content-Type on.
    void write() {
        if (attached.isEmpty()) {
            alternative();
            return;
        }
        var boundary = beginMultipart("mixed", "");
        alternative();
        for (var attachment : attached) {
            nextPart(boundary);
            attachment(attachment, false);
        }
        endMultipart(boundary);
    }

    private void alternative() {
        @Nullable String text = content.text();
        @Nullable String html = content.html();
        if (text != null && html != null) {
            var boundary = beginMultipart("alternative", "");
            text("text/plain;", text);
            nextPart(boundary);
            related(html);
            endMultipart(boundary);
        } else if (html != null) {
            related(html);
        } else if (text != null) {
            text("text/plain;", text);
        } else {
            throw new IllegalArgumentException("the event has neither text nor html");
        }
    }

    private void related(String html) {
        if (inline.isEmpty()) {
            text("text/html;", html);
            return;
        }
        var boundary = beginMultipart("related", "type=\"text/html\";"); // RFC 2387 §3.1
        text("text/html;", html);
        for (var attachment : inline) {
            nextPart(boundary);
            attachment(attachment, true);
        }
        endMultipart(boundary);
    }

    private void text(String type, String text) {
        var body = TextBody.of(text);
        header.begin("Content-Type");
        header.token(type);
        header.token("charset=UTF-8");
        header.end();
        header.field("Content-Transfer-Encoding", body.encoding().token());
        out.endLine();
        body.write(out);
    }

    /// @param shown whether the HTML refers to it
    private void attachment(Attachment attachment, boolean shown) {
        header.begin("Content-Type");
        header.words(mediaType(attachment));
        header.end();
        header.field("Content-Transfer-Encoding", TransferEncoding.BASE64.token());
        @Nullable String contentId = attachment.contentId();
        if (shown && contentId != null) {
            HeaderText.requireContentId("content id of an attachment", contentId);
            header.field("Content-ID", "<" + contentId + ">");
        }
        disposition(shown ? "inline" : "attachment", attachment.name());
        out.endLine();
        out.base64(attachment.content());
    }

    private void disposition(String disposition, String name) {
        HeaderText.requireText("name of an attachment", name);
        header.begin("Content-Disposition");
        header.token(disposition + ";");
        FileNameParameter.write(name, header);
        header.end();
    }

    /// RFC 2045 §6.4 forbids base64 for messages and multiparts, and no other encoding would bring
    /// them over bit by bit; so they go as what they are here, a file.
    private static String mediaType(Attachment attachment) {
        var type =
                HeaderText.requireMediaType(
                        "content type of an attachment", attachment.contentType().strip());
        boolean composite =
                type.regionMatches(true, 0, "message/", 0, 8)
                        || type.regionMatches(true, 0, "multipart/", 0, 10);
        return composite ? "application/octet-stream" : type;
    }

    /// Begins a multipart and its first part; returns the boundary. It has a `=_`, which neither
    /// base64 nor quoted-printable can contain (RFC 2045 §6.7); text as it is has no line that
    /// begins with one.
    private String beginMultipart(String subtype, String parameter) {
        var boundary = "=_" + subtype + "_" + token;
        header.begin("Content-Type");
        header.token("multipart/" + subtype + ";");
        if (!parameter.isEmpty()) {
            header.token(parameter);
        }
        header.token("boundary=\"" + boundary + "\"");
        header.end();
        out.endLine();
        delimiter(boundary);
        out.endLine();
        return boundary;
    }

    private void nextPart(String boundary) {
        out.endLine();
        delimiter(boundary);
        out.endLine();
    }

    private void endMultipart(String boundary) {
        out.endLine();
        delimiter(boundary);
        out.ascii("--");
        out.endLine();
    }

    private void delimiter(String boundary) {
        out.ascii("--");
        out.ascii(boundary);
    }
}
