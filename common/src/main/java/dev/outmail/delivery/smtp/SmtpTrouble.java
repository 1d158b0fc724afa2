package dev.outmail.delivery.smtp;

import dev.outmail.delivery.Printable;
import dev.outmail.delivery.Reason;
import dev.outmail.delivery.TransportResult;
import dev.outmail.delivery.TransportResult.Kind;
import jakarta.mail.MessagingException;

/// No connection to be had, and why. A MessagingException, so that it passes through Angus.
final class SmtpTrouble extends MessagingException {
    private static final long serialVersionUID = 1L;

    private final Kind kind;
    private final Reason reason;
    private final String detail;

    SmtpTrouble(Kind kind, Reason reason, String detail) {
        super(detail);
        this.kind = kind;
        this.reason = reason;
        this.detail = Printable.of(detail);
    }

    TransportResult.Trouble at(String server) {
        return new TransportResult.Trouble(server, kind, reason, detail);
    }
}
