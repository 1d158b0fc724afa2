package dev.outmail.producer;

import dev.outmail.delivery.Reason;
import dev.outmail.delivery.RecipientVerdict;
import java.util.List;

/// Not delivered now; it may work later. Nobody tries again unless the application does. Recipients
/// whose verdict is accepted have got the mail.
public final class MailDeferred extends MailException {
    private static final long serialVersionUID = 1L;

    private final transient List<RecipientVerdict> recipients;

    public MailDeferred(Reason reason, String message, List<RecipientVerdict> recipients) {
        super(reason, message, null);
        this.recipients = List.copyOf(recipients);
    }

    /// What was said of each recipient; empty where the server could not be asked.
    public List<RecipientVerdict> recipients() {
        return recipients;
    }
}
