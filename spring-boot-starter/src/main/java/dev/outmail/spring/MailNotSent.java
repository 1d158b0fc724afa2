package dev.outmail.spring;

import dev.outmail.mail.MailEvent;
import dev.outmail.producer.MailNotAccepted;

/// Told to the application's listeners, on a thread of its own: a mail that waited for the commit
/// of its transaction was not sent, or not certainly to all. Only where `why` is [Why#NOT_ACCEPTED]
/// may it be published again as it is.
///
/// @param mail which it is
/// @param why how it came to that, and what may be done
/// @param failure what sending it ended with
public record MailNotSent(MailEvent mail, Why why, Throwable failure) {
    /// How it came to that, and what may be done.
    public enum Why {
        /// Nobody knows whether the transaction has committed, so the mail was not sent. It may be
        /// published once it is certain that what it tells of is saved.
        COMMIT_UNKNOWN,
        /// The transaction has committed, and Kafka did not confirm in time that it has the mail.
        /// Published again as it is, with the same id, it is sent once.
        NOT_ACCEPTED,
        /// The transaction has committed, and the mail was not delivered, or not to all, or that is
        /// not known; the failure says more. Published again, it goes to all once more, as nobody
        /// remembers what was delivered instantly.
        NOT_DELIVERED;

        /// After a commit.
        static Why of(Throwable failure) {
            return failure instanceof MailNotAccepted ? NOT_ACCEPTED : NOT_DELIVERED;
        }
    }
}
