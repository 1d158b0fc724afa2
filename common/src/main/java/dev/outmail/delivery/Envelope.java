package dev.outmail.delivery;

import dev.outmail.mail.EmailAddress;
import java.util.List;
import java.util.Objects;

/// Who sends and who receives, as SMTP sees it. Its addresses go into commands and arguments as
/// they are: that none can end one or add to it is the promise of [EmailAddress].
///
/// @param recipients each address once, at least one
public record Envelope(EmailAddress sender, List<EmailAddress> recipients) {
    public Envelope {
        Objects.requireNonNull(sender, "sender");
        recipients = List.copyOf(recipients);
        if (recipients.isEmpty()) {
            throw new IllegalArgumentException("an envelope needs at least one recipient");
        }
    }
}
