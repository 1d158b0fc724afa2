package dev.outmail.submission.smtp;

import dev.outmail.mail.EmailAddress;
import dev.outmail.mail.EventId;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// Where messages go that were taken over SMTP.
interface Destination {
    /// Publishes one.
    ///
    /// @param trace for a field to be put before the message
    /// @return completed when it is safe, or exceptionally when that is not known; in time
    /// @throws dev.outmail.mail.InvalidMailEvent when it is none that could be delivered
    CompletableFuture<Accepted> publish(Envelope envelope, byte[] message, Trace trace);

    /// Who sends and who receives.
    record Envelope(EmailAddress sender, List<EmailAddress> recipients) {
        public Envelope {
            recipients = List.copyOf(recipients);
        }
    }

    /// What became of a message.
    ///
    /// @param place where Kafka keeps it
    record Accepted(EventId event, String place) {}
}
