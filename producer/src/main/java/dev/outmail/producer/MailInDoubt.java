package dev.outmail.producer;

import dev.outmail.delivery.Reason;
import dev.outmail.delivery.RecipientVerdict;
import java.util.List;

/// The server may have taken the mail; its answer was lost. Whoever sends it again may send it
/// twice, with the same Message-ID.
public final class MailInDoubt extends MailException {
    private static final long serialVersionUID = 1L;

    private final transient List<RecipientVerdict> recipients;

    public MailInDoubt(Reason reason, String message, List<RecipientVerdict> recipients) {
        super(reason, message, null);
        this.recipients = List.copyOf(recipients);
    }

    /// What was said of each recipient.
    public List<RecipientVerdict> recipients() {
        return recipients;
    }
}
