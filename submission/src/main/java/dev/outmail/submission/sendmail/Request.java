package dev.outmail.submission.sendmail;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a call of sendmail asks for.
sealed interface Request {
    /// To take the mail on standard input.
    ///
    /// @param recipientsInHeader whether those in To, Cc and Bcc are recipients, too
    /// @param dotEnds whether a line of a single dot ends the mail
    /// @param sender of the envelope; null where none is given
    /// @param fullName of the sender, for a From that is added; null where none is given
    record Submit(
            boolean recipientsInHeader,
            boolean dotEnds,
            @Nullable String sender,
            @Nullable String fullName,
            List<String> recipients)
            implements Request {
        public Submit {
            recipients = List.copyOf(recipients);
        }
    }

    /// All else: apart, since a switch over types takes 10 ms to be linked, which is a tenth of
    /// what a caller is to wait at most.
    sealed interface Other extends Request {}

    /// To say what is in the spool.
    record ListSpool() implements Other {}

    /// To take mails over SMTP on standard input and output.
    record Talk() implements Other {}

    /// To publish what is in the spool, now.
    record Drain() implements Other {}

    /// What nobody can do.
    record Unknown(String why) implements Other {}
}
