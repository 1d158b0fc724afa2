package dev.outmail.producer;

import dev.outmail.delivery.Reason;
import dev.outmail.delivery.RecipientVerdict;
import java.util.List;

/// At least one recipient was refused for good, or it is too late; trying again is of no use.
/// Whoever else there was got the mail.
public final class MailRejected extends MailException {
    private static final long serialVersionUID = 1L;

    private final transient List<RecipientVerdict> recipients;

    public MailRejected(Reason reason, String message, List<RecipientVerdict> recipients) {
        super(reason, message, null);
        this.recipients = List.copyOf(recipients);
    }

    /// What was said of each recipient; empty where nobody was asked.
    public List<RecipientVerdict> recipients() {
        return recipients;
    }
}
