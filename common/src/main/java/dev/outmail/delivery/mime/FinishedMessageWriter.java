package dev.outmail.delivery.mime;

import dev.outmail.mail.EventId;
import dev.outmail.mail.FinishedMessage;
import dev.outmail.mail.Mailbox;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Makes a finished message ready to leave: fields that are not for its readers go, fields that it
/// must have and lacks (RFC 5322 §3.6) come at the header's end.
final class FinishedMessageWriter {
    /// What tells of blind recipients or of an earlier way, and sizes that no longer hold.
    private static final Set<String> NOT_TO_LEAVE =
            Set.of("bcc", "resent-bcc", "return-path", "content-length");

    private static final String OWN = "x-outmail-";
    private static final String REPLAY_OF = "x-outmail-replay-of";

    private FinishedMessageWriter() {}

    static ComposedMessage write(
            FinishedMessage message, EventId event, Mailbox from, boolean forced, Instant date) {
        var out = new MessageBytes(256);
        var header = new HeaderWriter(out);
        if (message.field("Date").isEmpty()) {
            header.date(date);
        }
        if (message.field("Message-ID").isEmpty()) {
            header.field("Message-ID", MessageId.of(event));
        }
        if (forced || message.field("From").isEmpty()) {
            header.mailboxes("From", List.of(from));
        }
        var bytes = message.bytes(name -> isDropped(name, forced), out.toByteArray());
        return new ComposedMessage(
                bytes, MessageId.of(event, message), from.address().requiresSmtpUtf8());
    }

    private static boolean isDropped(String name, boolean forced) {
        var lower = name.toLowerCase(Locale.ROOT);
        return NOT_TO_LEAVE.contains(lower)
                || (lower.startsWith(OWN) && !lower.equals(REPLAY_OF))
                || (forced && (lower.equals("from") || lower.equals("sender")));
    }
}
