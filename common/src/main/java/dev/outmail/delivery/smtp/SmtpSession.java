package dev.outmail.delivery.smtp;

import dev.outmail.delivery.Reason;
import dev.outmail.delivery.TransportResult.Kind;
import dev.outmail.settings.Connection.Security;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.OptionalLong;
import java.util.Queue;
import org.eclipse.angus.mail.smtp.SMTPOutputStream;
import org.eclipse.angus.mail.smtp.SMTPTransport;
import org.jspecify.annotations.Nullable;

/// One SMTP connection. Angus does the greeting, EHLO, STARTTLS, AUTH and the dot-stuffing; the
/// conversation itself is ours, because only so the stage at which an answer was lost is known, and
/// each answer is seen.
///
/// Used by one thread at a time; any thread may close the socket below.
final class SmtpSession extends SMTPTransport {
    private final Security security;
    private final GuardedSocket wire;
    private final Pipelining pipelining;
    private final Queue<String> ahead = new ArrayDeque<>();
    private final Transcript transcript = new Transcript();
    private Stage stage = Stage.GREETING;
    private @Nullable Credentials login;

    SmtpSession(Session session, Security security, GuardedSocket wire, Pipelining pipelining) {
        super(session, null);
        this.security = security;
        this.wire = wire;
        this.pipelining = pipelining;
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
            if (credentials != null && !transcript.showsLogin()) {
                // Angus goes on without a word when a server offers no login.
                throw SmtpTrouble.noLoginOffered();
            }
        } catch (MessagingException | RuntimeException e) {
            throw troubleOf(e);
        } finally {
            login = null;
        }
        transcript.clear();
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

    // the conversation

    /// Says these commands in one go, if the server offers that (RFC 2920). They are to be asked in
    /// this order all the same: then only the answers are read.
    ///
    /// @param commands no more than fit into the send buffer, so that we never wait to be read
    ///   while the server waits for us to read (§3.1): fifty of the longest addresses take 14 KB
    synchronized void sayAhead(List<String> commands) {
        if (pipelining == Pipelining.NEVER || !offers("PIPELINING")) {
            return;
        }
        wire.holdUntilListening();
        try {
            for (String command : commands) {
                sendCommand(command);
            }
            ahead.addAll(commands);
        } catch (MessagingException e) {
            wire.closeQuietly(); // which is the answer to the first of them
        }
    }

    /// Whether more was said than asked.
    boolean isAhead() {
        return !ahead.isEmpty();
    }

    /// Everything that we and most that Angus says comes this way; what was said ahead is not said
    /// again.
    @Override
    protected void sendCommand(String command) throws MessagingException {
        if (command.equals(ahead.peek())) {
            ahead.remove();
            wire.expectNextAnswer();
        } else {
            // Angus makes a byte of each character.
            byte[] bytes = command.getBytes(StandardCharsets.UTF_8);
            super.sendCommand(new String(bytes, StandardCharsets.ISO_8859_1));
        }
    }

    /// Says a command, if it was not said ahead, and reads the answer.
    synchronized Answer ask(Stage next, String command) {
        stage = next;
        transcript.clear();
        if (next != Stage.FINAL_DOT && Thread.currentThread().isInterrupted()) {
            return Answer.Lost.byInterruption();
        }
        try {
            sendCommand(command);
            readServerResponse();
        } catch (MessagingException | RuntimeException e) {
            return lost(e);
        }
        return transcript.first().orElseThrow();
    }

    /// DATA, and after 354 the message up to the dot. Returns the answer to DATA, or, at stage
    /// CONTENT, that the message could not be written.
    synchronized Answer sendContent(byte[] message) {
        stage = Stage.DATA;
        transcript.clear();
        try {
            OutputStream content = data();
            stage = Stage.CONTENT;
            if (Thread.currentThread().isInterrupted()) {
                return Answer.Lost.byInterruption();
            }
            content.write(message);
            if (content instanceof SMTPOutputStream lines) {
                lines.ensureAtBOL(); // or else the final dot would be part of the last line
            }
        } catch (MessagingException | IOException | RuntimeException e) {
            // Angus says RSET after a refusal; the first answer is the one to DATA.
            return stage == Stage.CONTENT ? lost(e) : transcript.first().orElseGet(() -> lost(e));
        }
        return transcript.first().orElseThrow();
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
        if (!hearOut()) {
            return false;
        }
        Answer answer = transcript.second().orElseGet(() -> ask(stage, "RSET"));
        return answer instanceof Reply reply && reply.code() == 250;
    }

    /// Reads the answers to what was said ahead, which are no verdicts any more; whether the server
    /// waits for a command then, and not for a message that it won't get.
    private boolean hearOut() {
        while (isAhead()) {
            Answer answer = ask(stage, ahead.element());
            if (!(answer instanceof Reply reply) || reply.code() == 354 || reply.code() == 421) {
                return false;
            }
        }
        return true;
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

    /// The one to RSET, where there was one.
    Answer lastAnswer() {
        return transcript.last().orElseGet(() -> lost(null));
    }

    private Answer.Lost lost(@Nullable Exception failure) {
        return Answer.Lost.at(stage, wire.closedBecause(), failure);
    }
}
