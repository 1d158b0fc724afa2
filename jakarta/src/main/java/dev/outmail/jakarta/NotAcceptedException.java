package dev.outmail.jakarta;

import dev.outmail.producer.MailNotAccepted;
import jakarta.mail.Address;
import jakarta.mail.SendFailedException;

/// Kafka did not confirm in time that it has the mail. It may have it: handed over again as it is,
/// with the same Message-ID, it is sent once. From `connect` it means that no host of Kafka's has
/// an address at the moment, and has no mail yet. [#getCause()] is the [MailNotAccepted].
public class NotAcceptedException extends SendFailedException {
    private static final long serialVersionUID = 1L;

    NotAcceptedException(MailNotAccepted cause, Address[] recipients) {
        super(cause.getMessage(), cause, new Address[0], recipients, new Address[0]);
    }
}
