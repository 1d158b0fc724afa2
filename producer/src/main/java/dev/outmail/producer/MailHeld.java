package dev.outmail.producer;

import dev.outmail.delivery.Reason;

/// Not delivered, since the settings do not say how: they were never read, lack the event's
/// profile, or name no sender.
public final class MailHeld extends MailException {
    private static final long serialVersionUID = 1L;

    public MailHeld(Reason reason, String message) {
        super(reason, message, null);
    }
}
