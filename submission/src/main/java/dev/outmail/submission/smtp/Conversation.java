package dev.outmail.submission.smtp;

import dev.outmail.submission.smtp.SmtpInMeters.End;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ProtocolException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The server's side of one connection (RFC 5321, RFC 6409). It runs on a thread of its own;
/// [#endWhenIdle] and [#endIfOverdue] are for others.
final class Conversation implements Runnable, Presence.Ending {
    private static final Logger log = LoggerFactory.getLogger(Conversation.class);

    /// RFC 5321 §4.5.3.2.7.
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /// For a whole message.
    private static final Duration PATIENCE_FOR_MESSAGE = Duration.ofMinutes(20);

    /// For a load balancer to say whom it speaks for.
    private static final Duration PATIENCE_FOR_OPENING = Duration.ofSeconds(15);

    /// For all that comes before a login, where there must be one.
    private static final Duration PATIENCE_FOR_LOGIN = Duration.ofMinutes(5);

    /// RFC 5321 §4.5.3.1.4 and what extensions add (RFC 4954 §4, RFC 6531 §3.2).
    private static final int LONGEST_LINE = 12_288;

    /// Since a mail was accepted.
    private static final int MOST_ERRORS = 20;

    /// Likewise; recipients are not counted, unless they are refused.
    private static final int MOST_COMMANDS = 100;

    /// What a browser says that a web page has sent to a port of this host.
    private static final Set<String> WEB =
            Set.of("GET", "POST", "PUT", "CONNECT", "OPTIONS", "HEAD");

    private final Reception reception;
    private final Wire wire;
    private final Presence presence;
    private final Transaction transaction;
    private final Acceptance acceptance;
    private InetAddress address;
    private @Nullable Login login;
    private @Nullable String helo;
    private boolean extended;
    private boolean secure;
    private final long loginDueNanos;
    private int errors;
    private int commands;
    private volatile @Nullable End end;

    Conversation(Reception reception, Socket socket) throws IOException {
        this.reception = reception;
        this.wire = new Wire(socket);
        this.address = socket.getInetAddress();
        var nanoTime = reception.time().nanoTime();
        this.presence = new Presence(nanoTime);
        this.loginDueNanos = nanoTime.getAsLong() + PATIENCE_FOR_LOGIN.toNanos();
        this.acceptance = new Acceptance(reception);
        this.transaction =
                new Transaction(reception.maxMessageBytes(), reception.limits().maxRecipients());
    }

    @Override
    public void run() {
        try {
            open();
        } catch (ProtocolException e) {
            over(End.ABUSE);
            log.atWarn()
                    .addKeyValue("proxy", address.getHostAddress())
                    .log("A connection of smtp-in.proxies has no header of the PROXY protocol");
        } catch (IOException e) {
            over(End.LOST);
        } catch (RuntimeException e) {
            // without an answer, which a client takes for "try again"
            log.atError().setCause(e).log("A conversation has failed; please report this");
            over(End.LOST);
        } finally {
            presence.part();
            reception.meters().ended(end == null ? End.LOST : end);
            wire.close(end != End.QUIT || wire.hasMore());
        }
    }

    private void open() throws IOException {
        presence.listen(true, PATIENCE_FOR_OPENING);
        if (reception.options().proxies().contains(address)) {
            address = ProxyHeader.read(wire).orElse(address);
        }
        if (!presence.heard()) {
            return;
        }
        try (var entered = reception.clients().enter(address).orElse(null)) {
            if (entered == null) {
                wire.send(Reply.of(421, "4.7.0", "Too many connections from this client"));
                over(End.TOO_MANY);
                return;
            }
            reception.users().ifPresent(users -> login = new Login(users, entered, this::ask));
            wire.send(new Reply(220, "", List.of(reception.host() + " ESMTP Outmail")));
            converse(entered);
        }
    }

    private void converse(Clients.Client entered) throws IOException {
        while (end == null) {
            var line = listen();
            if (line.isPresent()) {
                wire.send(answer(line.get(), entered));
            }
        }
    }

    private void over(End how) {
        if (end == null) {
            end = how;
        }
    }

    /// The next command; empty where there is none to be answered.
    private Optional<String> listen() throws IOException {
        if (!presence.listen(transaction.isOpen(), patience())) {
            if (end == null) {
                over(End.SHUTDOWN);
                wire.send(Reply.SHUTTING_DOWN);
            }
            return Optional.empty();
        }
        var line = wire.readLine(LONGEST_LINE);
        if (!presence.heard()) {
            return Optional.empty();
        }
        return switch (line) {
            case Line.Text text -> Optional.of(text.text());
            case Line.TooLong tooLong -> {
                wire.send(counted("", Reply.of(500, "5.5.2", "The line is too long")));
                yield Optional.empty();
            }
            case Line.Garbled garbled -> {
                wire.send(Reply.of(554, "5.5.2", "Lines are UTF-8 and end with CRLF"));
                over(End.ABUSE);
                yield Optional.empty();
            }
            case Line.Gone gone -> {
                over(End.LOST);
                yield Optional.empty();
            }
        };
    }

    private Duration patience() {
        return mayNotSend()
                ? Duration.ofNanos(loginDueNanos - reception.time().nanoTime().getAsLong())
                : PATIENCE;
    }

    private boolean mayNotSend() {
        return user().isEmpty() && !reception.options().networks().contains(address);
    }

    private Optional<String> ask(Reply challenge) throws IOException {
        wire.send(challenge);
        return listen();
    }

    /// What leads to a mail is welcome; all else is for a while.
    private Reply counted(String verb, Reply reply) {
        if (verb.equals("DATA") && reply.isOk()) {
            errors = 0;
            commands = 0;
            return reply;
        }
        errors += reply.isProtocolError() ? 1 : 0;
        commands += verb.equals("RCPT") && !reply.isPermanent() ? 0 : 1;
        if (end != null || (errors < MOST_ERRORS && commands < MOST_COMMANDS)) {
            return reply;
        }
        over(End.ABUSE);
        return Reply.of(421, "4.7.0", "Too many errors, or commands without a mail");
    }

    private Reply answer(String line, Clients.Client entered) throws IOException {
        var words = line.split(" ", 2);
        var argument = words.length == 1 ? "" : words[1].strip();
        var verb = words[0].strip().toUpperCase(Locale.ROOT);
        return counted(
                verb,
                switch (verb) {
                    case "EHLO" -> greet(argument, true);
                    case "HELO" -> greet(argument, false);
                    case "MAIL" -> mail(argument, entered);
                    case "RCPT" -> recipient(argument);
                    case "DATA" -> argument.isEmpty() ? data() : Reply.syntax("DATA stands alone");
                    case "RSET" -> reset();
                    case "NOOP" -> Reply.OK;
                    case "QUIT" -> quit();
                    case "STARTTLS" -> startTls(argument);
                    case "AUTH" -> logIn(argument);
                    case "VRFY" -> Reply.of(252, "2.1.5", "Send some mail, I will try my best");
                    case "HELP" -> Reply.of(214, "2.0.0", "See RFC 5321");
                    case "EXPN", "TURN", "ETRN", "BDAT" ->
                            Reply.of(502, "5.5.1", "Command not implemented");
                    default -> unknown(verb);
                });
    }

    private Reply unknown(String verb) {
        if (helo == null || WEB.contains(verb)) {
            over(End.ABUSE);
            return Reply.of(554, "5.5.1", "This is no SMTP");
        }
        return Reply.of(500, "5.5.1", "Command not known");
    }

    private Reply greet(String name, boolean extended) {
        if (name.isEmpty()) {
            return Reply.syntax("Say who you are");
        }
        helo = name;
        this.extended = extended;
        transaction.reset();
        return new Reply(250, "", extended ? offers() : List.of(reception.host()));
    }

    private List<String> offers() {
        var offers = new ArrayList<String>();
        offers.add(reception.host());
        offers.add("PIPELINING");
        offers.add("SIZE " + reception.maxMessageBytes());
        if (mayStartTls()) {
            offers.add("STARTTLS");
        }
        if (mayLogIn() && user().isEmpty()) {
            offers.add("AUTH " + Login.MECHANISMS);
        }
        offers.add("ENHANCEDSTATUSCODES");
        offers.add("8BITMIME");
        offers.add("SMTPUTF8");
        return offers;
    }

    private boolean mayStartTls() {
        return reception.identity().isPresent() && !secure;
    }

    /// Nobody should say a password over a line that others may listen to.
    private boolean mayLogIn() {
        return login != null && (secure || address.isLoopbackAddress());
    }

    private Optional<String> user() {
        return login == null ? Optional.empty() : login.user();
    }

    private Reply startTls(String argument) throws IOException {
        if (!argument.isEmpty()) {
            return Reply.syntax("STARTTLS stands alone");
        }
        if (!mayStartTls()) {
            return Reply.of(502, "5.5.1", "There is no TLS to start");
        }
        if (wire.hasMore()) {
            // Said in the clear by who knows whom, and not to be taken for said under TLS.
            over(End.ABUSE);
            return Reply.of(554, "5.5.1", "Nothing may follow STARTTLS before its answer");
        }
        wire.send(Reply.TLS);
        wire.flush();
        var tls = reception.identity().orElseThrow().secure(wire.socket());
        tls.startHandshake();
        wire.secureBy(tls);
        secure = true;
        helo = null;
        transaction.reset();
        // Nothing is said: the client speaks first.
        return Reply.NONE;
    }

    private Reply logIn(String argument) throws IOException {
        if (login == null) {
            return Reply.of(502, "5.5.1", "There are no users");
        }
        if (!mayLogIn()) {
            return Reply.of(538, "5.7.11", "Start TLS first");
        }
        if (helo == null || transaction.isOpen()) {
            return Reply.OUT_OF_ORDER;
        }
        var reply = login.attempt(argument);
        if (reply.code() == 235) {
            reception.meters().login(SmtpInMeters.Login.RIGHT);
        } else if (reply.code() == 535) {
            reception.meters().login(SmtpInMeters.Login.WRONG);
        }
        return reply;
    }

    private Reply mail(String argument, Clients.Client entered) {
        if (helo == null || transaction.isOpen()) {
            return Reply.OUT_OF_ORDER;
        }
        if (mayNotSend()) {
            return Reply.of(
                    530, "5.7.0", mayLogIn() ? "Log in first" : "Start TLS and log in first");
        }
        try {
            return entered.awaitTurn()
                    ? transaction.from(argument)
                    : Reply.of(450, "4.7.0", "Too many mails from this client, try again later");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            over(End.SHUTDOWN);
            return Reply.SHUTTING_DOWN;
        }
    }

    private Reply recipient(String argument) {
        if (!transaction.isOpen()) {
            return Reply.OUT_OF_ORDER;
        }
        var reply = transaction.to(argument);
        if (!reply.isOk()) {
            reception.meters().recipientRefused();
        }
        return reply;
    }

    private Reply reset() {
        transaction.reset();
        return Reply.OK;
    }

    private Reply quit() {
        over(End.QUIT);
        return Reply.BYE;
    }

    private Reply data() throws IOException {
        if (!transaction.isOpen()) {
            return Reply.OUT_OF_ORDER;
        }
        if (!transaction.hasRecipients()) {
            return Reply.of(554, "5.5.1", "There is no recipient");
        }
        wire.send(Reply.GO_AHEAD);
        if (!presence.listen(true, PATIENCE_FOR_MESSAGE)) {
            return Reply.NONE;
        }
        try (var memory = reception.memory().share()) {
            var content = new ContentReader(wire, reception.maxMessageBytes(), memory).read();
            if (!presence.heard()) {
                return Reply.NONE;
            }
            judge(content);
            return acceptance.answer(content, transaction.envelope(), trace(), memory);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            over(End.SHUTDOWN);
            return Reply.SHUTTING_DOWN;
        } finally {
            transaction.reset();
        }
    }

    private void judge(Content content) {
        switch (content) {
            case Content.FalseEnd falseEnd -> over(End.ABUSE);
            case Content.Endless endless -> over(End.ABUSE);
            case Content.Gone gone -> over(End.LOST);
            case Content.Whole whole -> {}
            case Content.TooLarge large -> {}
            case Content.NoRoom full -> {}
            case Content.BareLineEnds bare -> {}
        }
    }

    private Trace trace() {
        var protocol =
                (transaction.isUtf8() ? "UTF8SMTP" : extended ? "ESMTP" : "SMTP")
                        + (secure ? "S" : "")
                        + (user().isPresent() ? "A" : "");
        return new Trace(
                helo == null ? "" : helo,
                address,
                reception.host(),
                protocol,
                reception.time().clock().instant());
    }

    /// What is under way is the last; where nothing is, it ends at once. For any thread.
    void endWhenIdle() {
        presence.endWhenIdle(this);
    }

    /// Ends it where it waits for too long. For any thread.
    void endIfOverdue() {
        presence.endIfOverdue(this);
    }

    @Override
    public void farewell(Reply reply) {
        over(reply.equals(Reply.TIMEOUT) ? End.TIMEOUT : End.SHUTDOWN);
        Thread.startVirtualThread(() -> {
            try {
                wire.send(reply);
                wire.flush();
            } catch (IOException e) {
                // it has gone
            }
            cut();
        });
    }

    @Override
    public void cut() {
        try {
            wire.socket().close();
        } catch (IOException e) {
            // as closed as it gets
        }
    }
}
