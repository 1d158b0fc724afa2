package dev.outmail.delivery;

import dev.outmail.delivery.RecipientVerdict.Verdict;
import dev.outmail.mail.EmailAddress;

/// What becomes of a message with addresses beyond ASCII where SMTPUTF8 (RFC 6531) is not spoken.
public final class SmtpUtf8 {
    private SmtpUtf8() {}

    /// Rejects whom the message can't reach without it: everybody where the sender or the header
    /// needs it, or else the recipients whose own address does.
    public static void rejectAffected(Outbound message, VerdictSheet sheet, String detail) {
        if (!message.requiresSmtpUtf8()) {
            return;
        }
        boolean everybody =
                message.envelope().sender().requiresSmtpUtf8() || message.headerRequiresSmtpUtf8();
        for (EmailAddress recipient : sheet.pending()) {
            if (everybody || recipient.requiresSmtpUtf8()) {
                sheet.judge(recipient, Verdict.REJECTED, Reason.SMTPUTF8_UNSUPPORTED, detail);
            }
        }
    }
}
