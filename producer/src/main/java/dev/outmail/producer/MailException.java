package dev.outmail.producer;

import dev.outmail.delivery.Reason;
import org.jspecify.annotations.Nullable;

/// A mail that was not sent, or of which that is not known.
public abstract sealed class MailException extends RuntimeException
        permits MailDeferred, MailHeld, MailInDoubt, MailNotAccepted, MailRejected {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    MailException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
