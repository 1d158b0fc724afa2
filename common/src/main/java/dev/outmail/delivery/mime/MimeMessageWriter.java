package dev.outmail.delivery.mime;

import dev.outmail.mail.MailEvent;
import dev.outmail.mail.Mailbox;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Writes an event as a MIME message in one pass, without a tree of parts. The same event, sender
/// and date give the same bytes. An event's finished message is left as it is, but for a few header
/// fields.
///
/// Otherwise the result is 7-bit but for addresses that need SMTPUTF8, which stand in their fields
/// as UTF-8 (RFC 6532). Text is UTF-8 and its lines, the last one too, end in CRLF; attachments
/// travel as base64, bit by bit. Blind recipients are nowhere in it.
public final class MimeMessageWriter {
    /// Fields that the writer itself writes, or that would harm if the application did.
    private static final Set<String> RESERVED =
            Set.of(
                    "date",
                    "from",
                    "sender",
                    "to",
                    "cc",
                    "bcc",
                    "reply-to",
                    "subject",
                    "message-id",
                    "in-reply-to",
                    "references",
                    "auto-submitted",
                    "mime-version",
                    "return-path",
                    "received",
                    "dkim-signature");

    private final MailEvent event;
    private final MailEvent.Written content;
    private final HeaderWriter header;

    private MimeMessageWriter(MailEvent event, MailEvent.Written content, HeaderWriter header) {
        this.event = event;
        this.content = content;
        this.header = header;
    }

    /// Writes the message as [#write(MailEvent, Mailbox, boolean, Instant)] does where the sender
    /// is not forced.
    public static ComposedMessage write(MailEvent event, Mailbox from, Instant date) {
        return write(event, from, false, date);
    }

    /// Writes the message.
    ///
    /// @param from who the mail is from, as the settings and the event decided
    /// @param forced whether it must not seem to be from anybody else
    /// @param date when it is sent, which readers see
    /// @throws IllegalArgumentException if a value can't stand in a header field, such as one with
    ///   a line end in it
    public static ComposedMessage write(
            MailEvent event, Mailbox from, boolean forced, Instant date) {
        return switch (event.content()) {
            case MailEvent.Written written -> write(event, written, from, date);
            case MailEvent.Finished finished ->
                    FinishedMessageWriter.write(finished.message(), event.id(), from, forced, date);
        };
    }

    private static ComposedMessage write(
            MailEvent event, MailEvent.Written content, Mailbox from, Instant date) {
        var out = new MessageBytes(2048 + length(content.text()) + length(content.html()));
        var header = new HeaderWriter(out);
        var token = MessageId.token(event.id());
        var messageId = MessageId.inBrackets(token);
        new MimeMessageWriter(event, content, header).fields(from, date, messageId);
        new MessageBody(content, token, header, out).write();
        return new ComposedMessage(out.toByteArray(), messageId, header.requiresSmtpUtf8());
    }

    private void fields(Mailbox from, Instant date, String messageId) {
        header.date(date);
        header.mailboxes("From", List.of(from));
        addressees();
        header.field("Message-ID", messageId);
        @Nullable String conversation = content.conversation();
        if (conversation != null) {
            var root = MessageId.ofConversation(event.id().source(), conversation);
            header.field("In-Reply-To", root);
            header.field("References", root);
        }
        header.text("Subject", content.subject());
        header.field("Auto-Submitted", "auto-generated"); // RFC 3834
        for (var field : content.headers().entrySet()) {
            header.custom(requireUnreserved(field.getKey()), field.getValue());
        }
        header.field("MIME-Version", "1.0");
    }

    private void addressees() {
        var addressing = event.addressing();
        if (!addressing.to().isEmpty()) {
            header.mailboxes("To", addressing.to());
        }
        if (!addressing.cc().isEmpty()) {
            header.mailboxes("Cc", addressing.cc());
        }
        if (addressing.to().isEmpty() && addressing.cc().isEmpty()) {
            header.field("To", "undisclosed-recipients:;");
        }
        if (!addressing.replyTo().isEmpty()) {
            header.mailboxes("Reply-To", addressing.replyTo());
        }
    }

    private static String requireUnreserved(String name) {
        var lowerCase = HeaderText.requireFieldName(name).toLowerCase(Locale.ROOT);
        if (RESERVED.contains(lowerCase)
                || lowerCase.startsWith("content-")
                || lowerCase.startsWith("resent-")) {
            throw new IllegalArgumentException("header name: " + name + " is reserved");
        }
        return name;
    }

    private static int length(@Nullable String text) {
        return text == null ? 0 : text.length();
    }
}
