package dev.outmail.producer;

import dev.outmail.delivery.Reason;
import org.jspecify.annotations.Nullable;

/// Kafka did not confirm the event in time: it may have it or not. The same event with the same id
/// may be published again.
public final class MailNotAccepted extends MailException {
    private static final long serialVersionUID = 1L;

    public MailNotAccepted(String message, @Nullable Throwable cause) {
        super(Reason.UNAVAILABLE, message, cause);
    }
}
