package dev.outmail.delivery;

import dev.outmail.mail.EmailAddress;

/// What was said of one recipient in one attempt.
///
/// @param detail the other side's words, printable, at most 2 KB
public record RecipientVerdict(
        EmailAddress recipient, Verdict verdict, Reason reason, String detail) {

    public enum Verdict {
        ACCEPTED,
        /// Not taken now, to be tried again.
        DEFERRED,
        /// Refused for good.
        REJECTED,
        /// The server may have taken it; its answer was lost.
        IN_DOUBT
    }
}
