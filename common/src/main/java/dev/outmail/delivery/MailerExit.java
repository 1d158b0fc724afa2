package dev.outmail.delivery;

import dev.outmail.delivery.RecipientVerdict.Verdict;
import dev.outmail.delivery.TransportResult.Kind;

/// What the exit status of a sendmail command means (sysexits.h). Unknown is never permanent.
sealed interface MailerExit {

    /// The message was judged.
    record Judged(Verdict verdict, Reason reason) implements MailerExit {}

    /// The mailer couldn't work; nothing was said of the message.
    record Trouble(Kind kind, Reason reason) implements MailerExit {}

    /// Reads an exit status.
    ///
    /// @param status 0 to 255; from 128 on the process was ended by a signal, and nobody knows what
    ///   it had done by then
    static MailerExit of(int status) {
        return switch (status) {
            case 0 -> new Judged(Verdict.ACCEPTED, Reason.ACCEPTED);
            // usage, data, input, user, host, software, protocol
            case 64, 65, 66, 67, 68, 76 -> new Judged(Verdict.REJECTED, Reason.REFUSED);
            case 70 -> new Judged(Verdict.REJECTED, Reason.MAILER_FAILED);
            // unavailable, operating system, can't create, I/O, try again
            case 69, 71, 73, 74, 75 -> new Trouble(Kind.SERVER, Reason.MAILER_FAILED);
            // permission, configuration
            case 77, 78 -> new Trouble(Kind.CREDENTIALS, Reason.MAILER_FAILED);
            default ->
                    status >= 128
                            ? new Judged(Verdict.IN_DOUBT, Reason.ANSWER_LOST)
                            : new Judged(Verdict.DEFERRED, Reason.MAILER_FAILED);
        };
    }
}
