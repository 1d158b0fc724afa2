package dev.outmail.delivery.smtp;

import dev.outmail.delivery.Reason;
import dev.outmail.delivery.TransportResult.Kind;
import dev.outmail.settings.Connection.Security;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.eclipse.angus.mail.smtp.SMTPOutputStream;
import org.eclipse.angus.mail.smtp.SMTPTransport;
import org.jspecify.annotations.Nullable;

/// One SMTP connection. Angus does the greeting, EHLO, STARTTLS, AUTH and the dot-stuffing; the
/// conversation itself is ours, because only so the stage at which an answer was lost is known, and
/// each answer is seen.
///
/// Used by one thread at a time; any thread may close the socket below.
final class SmtpSession extends SMTPTransport {
    private record Exchange(Stage stage, Answer answer) {}

    private final Security security;
    private final GuardedSocket wire;
    private final List<Exchange> exchanges = new ArrayList<>();
    private Stage stage = Stage.GREETING;
    private @Nullable Credentials login;

    SmtpSession(Session session, Security security, GuardedSocket wire) {
        super(session, null);
        this.security = security;
        this.wire = wire;
    }

    GuardedSocket wire() {
        return wire;
    }

    // opening

    /// Greets, secures and logs in.
    ///
    /// @param socket the wire, or the TLS socket upon it
    /// @param credentials forgotten by the end; null for nobody
    synchronized void open(Socket socket, @Nullable Credentials credentials) throws SmtpTrouble {
        login = credentials;
        try {
            connect(socket);
            if (credentials != null && !isLoggedIn()) {
                // Angus goes on without a word when a server offers no login.
                throw noLoginOffered();
            }
        } catch (MessagingException | RuntimeException e) {
            throw troubleOf(e);
        } finally {
            login = null;
        }
        exchanges.clear();
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
            throw refusal(answer);
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
            IOException failure = ioFailure(e);
            if (agreed && failure != null) {
                stage = Stage.TLS;
                throw new SmtpTrouble(Kind.SERVER, Reason.TLS_FAILED, tlsFailure(failure));
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
            exchanges.add(new Exchange(stage, ours ? lost(null) : answer));
            return code;
        } catch (MessagingException e) {
            exchanges.add(new Exchange(stage, lost(e)));
            throw e;
        }
    }

    private boolean isLoggedIn() {
        return exchanges.stream()
                .anyMatch(exchange ->
                        exchange.stage() == Stage.AUTH
                                && exchange.answer() instanceof Reply reply
                                && reply.code() == 235);
    }

    private SmtpTrouble troubleOf(Exception failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SmtpTrouble trouble) {
                return trouble;
            }
        }
        if (ioFailure(failure) != null) {
            return refusal(lost(failure));
        }
        return stage == Stage.EHLO && login != null ? noLoginOffered() : refusal(lastAnswer());
    }

    private SmtpTrouble refusal(Answer answer) {
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

    private static SmtpTrouble noLoginOffered() {
        return new SmtpTrouble(
                Kind.CREDENTIALS,
                Reason.LOGIN_FAILED,
                "the settings have a login, the server offers neither AUTH PLAIN nor AUTH LOGIN;"
                        + " nothing was sent");
    }

    // the conversation

    /// Says a command and reads the answer.
    synchronized Answer ask(Stage next, String command) {
        stage = next;
        exchanges.clear();
        if (next != Stage.FINAL_DOT && Thread.currentThread().isInterrupted()) {
            return new Answer.Lost(Reason.CONNECTION_LOST, "the attempt was interrupted");
        }
        try {
            simpleCommand(command.getBytes(StandardCharsets.UTF_8));
        } catch (MessagingException | RuntimeException e) {
            return lost(e);
        }
        return exchanges.getFirst().answer();
    }

    /// DATA, and after 354 the message up to the dot. Returns the answer to DATA, or, at stage
    /// CONTENT, that the message could not be written.
    synchronized Answer sendContent(byte[] message) {
        stage = Stage.DATA;
        exchanges.clear();
        try {
            OutputStream content = data();
            stage = Stage.CONTENT;
            content.write(message);
            if (content instanceof SMTPOutputStream lines) {
                lines.ensureAtBOL(); // or else the final dot would be part of the last line
            }
        } catch (MessagingException | IOException | RuntimeException e) {
            // Angus says RSET after a refusal; the first answer is the one to DATA.
            return stage == Stage.CONTENT || exchanges.isEmpty()
                    ? lost(e)
                    : exchanges.getFirst().answer();
        }
        return exchanges.getFirst().answer();
    }

    synchronized Answer sendFinalDot(Duration patience, Duration usual) {
        wire.expectAnswersWithin(patience);
        Answer answer = ask(Stage.FINAL_DOT, ".");
        wire.expectAnswersWithin(usual);
        return answer;
    }

    /// Forgets a transaction that the server refused part of; whether it did. Where DATA was
    /// refused, Angus has said so already.
    synchronized boolean reset() {
        Answer answer = exchanges.size() > 1 ? exchanges.get(1).answer() : ask(stage, "RSET");
        return answer instanceof Reply reply && reply.code() == 250;
    }

    Stage stage() {
        return stage;
    }

    boolean offers(String extension) {
        return supportsExtension(extension);
    }

    /// The most bytes a message may have (RFC 1870), if the server says.
    OptionalLong sizeLimit() {
        String limit = getExtensionParameter("SIZE");
        if (limit == null || !limit.matches("\\d{1,18}") || Long.parseLong(limit) == 0) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(Long.parseLong(limit));
    }

    /// Says goodbye without waiting for it to be returned.
    synchronized void quit() {
        try {
            sendCommand("QUIT");
        } catch (MessagingException e) {
            // It was in order until now; nothing depends on this.
        }
        wire.closeQuietly();
    }

    private Answer lastAnswer() {
        return exchanges.isEmpty() ? lost(null) : exchanges.getLast().answer();
    }

    private Answer.Lost lost(@Nullable Exception failure) {
        String closedBecause = wire.closedBecause();
        if (closedBecause != null) {
            return new Answer.Lost(Reason.DEADLINE_EXCEEDED, closedBecause + ", at " + stage);
        }
        IOException io = failure == null ? null : ioFailure(failure);
        if (io instanceof SocketTimeoutException) {
            return new Answer.Lost(Reason.DEADLINE_EXCEEDED, "no answer in time, at " + stage);
        }
        String what =
                io != null ? io.getMessage() : failure != null ? failure.toString() : "closed";
        return new Answer.Lost(
                Reason.CONNECTION_LOST, "the connection was lost at " + stage + ": " + what);
    }

    private String tlsFailure(IOException failure) {
        String closedBecause = wire.closedBecause();
        return "TLS failed: " + (closedBecause == null ? Tls.problem(failure) : closedBecause);
    }

    private static @Nullable IOException ioFailure(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException io) {
                return io;
            }
        }
        return null;
    }
}
