package dev.outmail.delivery.smtp;

import dev.outmail.delivery.Printable;
import dev.outmail.delivery.Reason;
import dev.outmail.delivery.TransportResult;
import dev.outmail.delivery.TransportResult.Kind;
import jakarta.mail.MessagingException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// No connection to be had, and why. A MessagingException, so that it passes through Angus.
final class SmtpTrouble extends MessagingException {
    private static final long serialVersionUID = 1L;

    private final Kind kind;
    private final Reason reason;
    private final String detail;

    private final boolean echo;

    SmtpTrouble(Kind kind, Reason reason, String detail) {
        this(kind, reason, detail, false);
    }

    private SmtpTrouble(Kind kind, Reason reason, String detail, boolean echo) {
        super(detail);
        this.echo = echo;
        this.kind = kind;
        this.reason = reason;
        this.detail = Printable.of(detail);
    }

    /// What a server refused while a connection was opened.
    ///
    /// @param login kept out of the words; null for nobody's
    static SmtpTrouble refusal(Stage stage, Answer answer, @Nullable Credentials login) {
        Ruling ruling = ReplyClassifier.classify(stage, answer);
        boolean credentials = ruling.meaning() == Ruling.Meaning.CREDENTIAL_TROUBLE;
        String what =
                credentials
                        ? "the server refused the login of this profile, check its settings: "
                        : "the server can't be used, at " + stage + ": ";
        return new SmtpTrouble(
                credentials ? Kind.CREDENTIALS : Kind.SERVER,
                // An answer that is no refusal, and still Angus gave up.
                ruling.meaning() == Ruling.Meaning.ACCEPTED
                        ? Reason.PROTOCOL_ERROR
                        : ruling.reason(),
                what + (login == null ? answer.detail() : login.hideIn(answer.detail())));
    }

    static SmtpTrouble tlsFailed(GuardedSocket wire, IOException failure) {
        String closedBecause = wire.closedBecause();
        return new SmtpTrouble(
                Kind.SERVER,
                Reason.TLS_FAILED,
                "TLS failed: " + (closedBecause == null ? Tls.problem(failure) : closedBecause));
    }

    static SmtpTrouble noLoginOffered() {
        return new SmtpTrouble(
                Kind.CREDENTIALS,
                Reason.LOGIN_FAILED,
                "the settings have a login, the server offers neither AUTH PLAIN nor AUTH LOGIN;"
                        + " nothing was sent");
    }

    /// Told to nobody unless something was settled before.
    static SmtpTrouble unwanted() {
        return new SmtpTrouble(
                Kind.SERVER, Reason.CONNECTION_LOST, "interrupted while waiting for a connection");
    }

    /// The same, told to those who waited for the same connection.
    SmtpTrouble echo() {
        return new SmtpTrouble(kind, reason, detail, true);
    }

    TransportResult.Trouble at(String server) {
        return new TransportResult.Trouble(server, kind, reason, detail, echo);
    }
}
