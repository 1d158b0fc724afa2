package dev.outmail.delivery.smtp;

import dev.outmail.delivery.Reason;

/// What an answer means for the attempt.
record Ruling(Meaning meaning, Reason reason) {

    enum Meaning {
        /// As hoped: go on.
        ACCEPTED,
        RETRY_RECIPIENT,
        RETRY_MESSAGE,
        REJECT_RECIPIENT,
        REJECT_MESSAGE,
        /// No more in this transaction; the rest go in the next one.
        TOO_MANY_RECIPIENTS,
        SERVER_TROUBLE,
        CREDENTIAL_TROUBLE,
        IN_DOUBT,
        /// We stopped before the final dot: no verdict on anything.
        WITHHELD,
        /// The two sides don't mean the same command any more: no verdict on anything.
        DESYNC
    }
}
