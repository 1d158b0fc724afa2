package dev.outmail.delivery.smtp;

import dev.outmail.delivery.Reason;
import dev.outmail.delivery.TransportResult.Kind;
import dev.outmail.settings.Connection.Security;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import java.io.IOException;
import java.net.Socket;
import org.eclipse.angus.mail.smtp.SMTPTransport;
import org.jspecify.annotations.Nullable;

/// The beginning of a connection: Angus greets, says EHLO, secures and logs in. We watch each
/// answer, so that trouble is told by its cause, and let nothing pass that the settings forbid.
/// What comes after is [SmtpSession]'s, which holds on to this: Angus closes the socket of a
/// transport that is garbage.
///
/// Used by one thread, once.
final class Opening extends SMTPTransport {
    private final Security security;
    private final GuardedSocket wire;
    private final Transcript transcript = new Transcript();
    private Stage stage = Stage.GREETING;
    private @Nullable Credentials login;

    Opening(Session session, Security security, GuardedSocket wire) {
        super(session, null);
        this.security = security;
        this.wire = wire;
    }

    /// Greets, secures and logs in. Returns what the server offers then.
    ///
    /// @param socket the wire, or the TLS socket upon it
    /// @param credentials forgotten by the end; null for nobody
    synchronized Offers open(Socket socket, @Nullable Credentials credentials) throws SmtpTrouble {
        login = credentials;
        try {
            connect(socket);
            if (credentials != null && !transcript.showsLogin()) {
                // Angus goes on without a word when a server offers no login.
                throw SmtpTrouble.noLoginOffered();
            }
        } catch (MessagingException | RuntimeException e) {
            throw troubleOf(e);
        } finally {
            login = null;
        }
        return offers();
    }

    private Offers offers() {
        return new Offers(
                supportsExtension("PIPELINING"),
                supportsExtension("8BITMIME"),
                supportsExtension("SMTPUTF8"),
                supportsExtension("SIZE"),
                Offers.sizeLimit(getExtensionParameter("SIZE")));
    }

    /// Hands the login to Angus here, not through an authenticator: Angus would ask that one a
    /// second time after a refusal, and take the answer to localhost.
    @Override
    protected synchronized boolean protocolConnect(
            @Nullable String host, int port, @Nullable String ignored, @Nullable String unused)
            throws MessagingException {
        return login == null
                ? super.protocolConnect(host, port, null, null)
                : super.protocolConnect(host, port, login.user(), login.password().reveal());
    }

    @Override
    protected boolean ehlo(String domain) throws MessagingException {
        stage = Stage.EHLO;
        if (!super.ehlo(domain)) {
            Answer answer = lastAnswer();
            boolean old = answer instanceof Reply reply && reply.isPermanent();
            if (old && security == Security.NONE && login == null) {
                return false; // and Angus says HELO
            }
            throw SmtpTrouble.refusal(stage, answer, login);
        }
        if (security == Security.STARTTLS && !isSSL() && !supportsExtension("STARTTLS")) {
            throw new SmtpTrouble(
                    Kind.SERVER,
                    Reason.TLS_FAILED,
                    "the server does not offer STARTTLS, which the settings demand;"
                            + " nothing was sent in plain text");
        }
        return true;
    }

    @Override
    protected void startTLS() throws MessagingException {
        if (security != Security.STARTTLS || isSSL()) {
            throw new MessagingException("the server demands STARTTLS, the settings say otherwise");
        }
        stage = Stage.STARTTLS;
        try {
            super.startTLS();
        } catch (MessagingException e) {
            boolean agreed = lastAnswer() instanceof Reply reply && reply.code() == 220;
            IOException failure = Answer.Lost.ioFailure(e);
            if (agreed && failure != null) {
                stage = Stage.TLS;
                throw SmtpTrouble.tlsFailed(wire, failure);
            }
            throw e;
        }
    }

    /// Only login comes this way while connecting.
    @Override
    public synchronized int simpleCommand(String command) throws MessagingException {
        stage = Stage.AUTH;
        if (security != Security.NONE && !isSSL()) {
            throw new IllegalStateException("a login in plain text where TLS is demanded");
        }
        return super.simpleCommand(command);
    }

    @Override
    protected int readServerResponse() throws MessagingException {
        try {
            int code = super.readServerResponse();
            Answer answer = Reply.parse(getLastServerResponse());
            boolean ours = answer instanceof Answer.Lost && wire.closedBecause() != null;
            transcript.add(stage, ours ? lost(null) : answer);
            return code;
        } catch (MessagingException e) {
            transcript.add(stage, lost(e));
            throw e;
        }
    }

    private SmtpTrouble troubleOf(Exception failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SmtpTrouble trouble) {
                return trouble;
            }
        }
        if (Answer.Lost.ioFailure(failure) != null) {
            return SmtpTrouble.refusal(stage, lost(failure), login);
        }
        return stage == Stage.EHLO && login != null
                ? SmtpTrouble.noLoginOffered()
                : SmtpTrouble.refusal(stage, lastAnswer(), login);
    }

    private Answer lastAnswer() {
        return transcript.last().orElseGet(() -> lost(null));
    }

    private Answer.Lost lost(@Nullable Exception failure) {
        return Answer.Lost.at(stage, wire.closedBecause(), failure);
    }
}
