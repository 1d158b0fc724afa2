package dev.outmail.delivery;

import dev.outmail.mail.EmailAddress;

/// What was said of one recipient in one attempt.
///
/// @param detail the other side's words, printable, at most 2 KB
public record RecipientVerdict(
        EmailAddress recipient, Verdict verdict, Reason reason, String detail) {

    public enum Verdict {
        ACCEPTED("accepted"),
        /// Not taken now, to be tried again.
        DEFERRED("deferred"),
        /// Refused for good.
        REJECTED("rejected"),
        /// Kept back for good, as the settings say; nobody was asked.
        DROPPED("dropped"),
        /// The server may have taken it; its answer was lost.
        IN_DOUBT("in-doubt");

        private final String wireName;

        Verdict(String wireName) {
            this.wireName = wireName;
        }

        /// As the mailing log has it.
        public String wireName() {
            return wireName;
        }
    }
}
