package dev.outmail.wire;

import dev.outmail.mail.Attachment;
import dev.outmail.mail.MailEvent;
import dev.outmail.mail.Mailbox;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/// One event being written; what it doesn't have is left out.
final class EventWriter {
    private final JsonGenerator out;

    EventWriter(JsonGenerator out) {
        this.out = out;
    }

    void write(MailEvent event) {
        out.writeStartObject();
        string("id", event.id().id());
        string("source", event.id().source());
        string("type", event.type());
        string("profile", event.profile());
        addressing(event.addressing());
        content(event.content());
        terms(event.terms());
        if (!event.metadata().isEmpty()) {
            out.writePOJOProperty("metadata", event.metadata());
        }
        out.writeEndObject();
    }

    private void addressing(MailEvent.Addressing addressing) {
        string("from", addressing.from());
        mailboxes("to", addressing.to());
        mailboxes("cc", addressing.cc());
        mailboxes("bcc", addressing.bcc());
        mailboxes("replyTo", addressing.replyTo());
    }

    private void content(MailEvent.Content content) {
        switch (content) {
            case MailEvent.Written written -> written(written);
            case MailEvent.Finished finished -> finished(finished.message().bytes());
        }
    }

    /// As text, which is a third shorter than base64 and can be read; what is no UTF-8 has to be
    /// base64.
    private void finished(byte[] message) {
        if (Utf8.firstFlaw(message) < 0) {
            string("message", new String(message, StandardCharsets.UTF_8));
        } else {
            out.writeBinaryProperty("messageBase64", message);
        }
    }

    private void written(MailEvent.Written content) {
        string("subject", content.subject());
        string("text", content.text());
        string("html", content.html());
        if (!content.attachments().isEmpty()) {
            out.writeArrayPropertyStart("attachments");
            content.attachments().forEach(this::attachment);
            out.writeEndArray();
        }
        if (!content.headers().isEmpty()) {
            out.writeObjectPropertyStart("headers");
            content.headers().forEach(out::writeStringProperty);
            out.writeEndObject();
        }
        string("conversation", content.conversation());
    }

    private void attachment(Attachment attachment) {
        out.writeStartObject();
        string("name", attachment.name());
        string("contentType", attachment.contentType());
        string("contentId", attachment.contentId());
        out.writeBinaryProperty("content", attachment.content());
        out.writeEndObject();
    }

    private void terms(MailEvent.Terms terms) {
        string("sendAt", terms.sendAt());
        string("expiresAt", terms.expiresAt());
        string("onDoubt", terms.onDoubt().name().toLowerCase(Locale.ROOT));
    }

    private void mailboxes(String name, List<Mailbox> mailboxes) {
        if (!mailboxes.isEmpty()) {
            out.writeArrayPropertyStart(name);
            mailboxes.forEach(mailbox -> out.writeString(mailbox.toString()));
            out.writeEndArray();
        }
    }

    private void string(String name, @Nullable Object value) {
        if (value != null) {
            out.writeStringProperty(name, value.toString());
        }
    }
}
