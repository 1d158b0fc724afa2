package dev.outmail.testkit.smtp;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// A real SMTP server on loopback that takes every mail and remembers it, except where a test says
/// otherwise:
///
/// ```java
/// try (var server = ScriptedSmtpServer.start()) {
///     server.on("RCPT TO:<bad@", "550 5.1.1 no such user");
///     server.once(".", Act.close());                  // takes one message, answers nothing
///     …
///     assertThat(server.received()).hasSize(2);
/// }
/// ```
///
/// A rule is chosen by the start of the client's line, regardless of case. Moments without a line
/// of the client's have one of their own: `CONNECT` (the greeting), `TLS` (the handshake),
/// `CONTENT` (after 354, before anything is read), `.` (the final dot was read). The script may
/// change at any time. What the server offers is guarded by this object's monitor.
public final class ScriptedSmtpServer implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private enum Security {
        NONE,
        STARTTLS,
        TLS
    }

    private final Security security;
    private final @Nullable SSLContext identity;
    private final Script script = new Script();
    private final Minutes minutes = new Minutes();
    private final int port;
    private Doorway doorway;
    private Faults faults = new Faults(0);
    private @Nullable SinkLedger ledger;
    private List<String> extensions = List.of("8BITMIME", "ENHANCEDSTATUSCODES");
    private boolean pipelining;
    private Conversation.@Nullable Login login;

    private ScriptedSmtpServer(Security security, @Nullable SSLContext identity) {
        this.security = security;
        this.identity = identity;
        doorway = new Doorway(0, this::serve);
        port = doorway.port();
    }

    /// Plain text only.
    public static ScriptedSmtpServer start() {
        return new ScriptedSmtpServer(Security.NONE, null);
    }

    /// Plain text first, STARTTLS offered.
    public static ScriptedSmtpServer startWithStartTls(SSLContext identity) {
        return new ScriptedSmtpServer(Security.STARTTLS, identity);
    }

    /// TLS from the first byte.
    public static ScriptedSmtpServer startWithTls(SSLContext identity) {
        return new ScriptedSmtpServer(Security.TLS, identity);
    }

    public String host() {
        return "localhost";
    }

    public int port() {
        return port;
    }

    // the script

    /// From now on, this is the answer to lines that start so.
    public ScriptedSmtpServer on(String start, String... reply) {
        return on(start, Act.reply(reply));
    }

    public ScriptedSmtpServer on(String start, Act act) {
        script.add(start, false, act);
        return this;
    }

    /// The next time, this is the answer to a line that starts so; several are used in turn.
    public ScriptedSmtpServer once(String start, String... reply) {
        return once(start, Act.reply(reply));
    }

    public ScriptedSmtpServer once(String start, Act act) {
        script.add(start, true, act);
        return this;
    }

    /// The next connection, word for word, then it is closed:
    ///
    /// ```
    /// S: 220 hello
    /// C: EHLO
    /// S: 421 not now
    /// ```
    ///
    /// `C:` is the start of what must come; what came instead is one of [#surprises]. `C:
    /// <content>` is everything up to the final dot; `S: <tls>`, `<close>`, `<reset>`, `<hang>` are
    /// done, not said.
    public ScriptedSmtpServer dialogue(String text) {
        script.add(Dialogue.parse(text));
        return this;
    }

    /// From now on these go wrong, wherever the script says nothing.
    public synchronized ScriptedSmtpServer faults(Faults goingWrong) {
        faults = goingWrong;
        return this;
    }

    /// Forgets every rule, dialogue and fault: a server that takes everything again.
    public synchronized ScriptedSmtpServer behave() {
        script.clear();
        faults = new Faults(0);
        return this;
    }

    /// From now on messages are written to this and not remembered, nor is what clients say, except
    /// what could be read on the way to a server that has TLS: for more messages than fit.
    public synchronized ScriptedSmtpServer keep(SinkLedger lines) {
        ledger = lines;
        minutes.remember(identity == null ? Minutes.Lines.NONE : Minutes.Lines.IN_CLEAR);
        return this;
    }

    /// What EHLO offers, instead of 8BITMIME and ENHANCEDSTATUSCODES; STARTTLS, AUTH and PIPELINING
    /// are added as they apply.
    public synchronized ScriptedSmtpServer extensions(String... offered) {
        extensions = List.of(offered);
        return this;
    }

    /// From now on EHLO offers PIPELINING (RFC 2920) too. Clients that do it without are served all
    /// the same.
    public synchronized ScriptedSmtpServer offerPipelining() {
        pipelining = true;
        return this;
    }

    /// From now on only who logs in so may send. AUTH PLAIN and LOGIN are offered, on a server with
    /// TLS only when secured.
    public synchronized ScriptedSmtpServer requireLogin(String user, String password) {
        login = new Conversation.Login(user, password);
        return this;
    }

    // what happened

    /// Every message whose final dot was read, in order.
    public List<Received> received() {
        return minutes.received();
    }

    /// Every line that clients sent outside of content.
    public List<Heard> heard() {
        return minutes.heard(any -> true);
    }

    /// The lines of one connection, numbered from 1.
    public List<String> heardOn(int connection) {
        return minutes.heard(h -> h.connection() == connection).stream().map(Heard::line).toList();
    }

    /// The lines of one connection, those together that arrived together.
    public List<List<String>> groupsOn(int connection) {
        return minutes.groupsOn(connection);
    }

    /// The lines that anybody on the way could read.
    public List<String> heardInClear() {
        return minutes.heard(h -> !h.secure()).stream().map(Heard::line).toList();
    }

    /// Where clients left a dialogue, and what broke in the server.
    public List<String> surprises() {
        return minutes.surprises();
    }

    /// How often clients gave this command, such as `AUTH`, in capitals.
    public int commands(String verb) {
        return minutes.commands(verb);
    }

    /// How many connections there were so far.
    public int connections() {
        return minutes.connections();
    }

    public int openConnections() {
        return minutes.open().size();
    }

    public int mostOpenConnections() {
        return minutes.mostOpen();
    }

    /// Waits until this holds, looking again at every event.
    ///
    /// @throws AssertionError after ten seconds
    public void await(String what, BooleanSupplier condition) throws InterruptedException {
        minutes.await(what, PATIENCE, condition);
    }

    public void awaitReceived(int count) throws InterruptedException {
        await(count + " messages", () -> received().size() >= count);
    }

    public void awaitOpenConnections(int count) throws InterruptedException {
        await(count + " open connections", () -> openConnections() == count);
    }

    @Override
    public void close() {
        stop();
    }

    /// Drops everybody and stops listening: who connects now is refused.
    public synchronized void stop() {
        doorway.close();
        minutes.open().forEach(Peer::close);
    }

    /// Listens again after [#stop], at the same port.
    public synchronized void startAgain() {
        doorway = new Doorway(port, this::serve);
    }

    // for the conversations

    Script script() {
        return script;
    }

    @Nullable SSLContext identity() {
        return identity;
    }

    boolean isTlsFromTheStart() {
        return security == Security.TLS;
    }

    boolean offersStartTls() {
        return security == Security.STARTTLS;
    }

    synchronized List<String> extensions() {
        List<String> all = new ArrayList<>(extensions);
        if (pipelining) {
            all.add("PIPELINING");
        }
        return all;
    }

    synchronized Conversation.@Nullable Login login() {
        return login;
    }

    Minutes minutes() {
        return minutes;
    }

    synchronized Faults faults() {
        return faults;
    }

    /// Notes a message before it is answered.
    void taken(Received message, String client, Act answer) {
        SinkLedger lines = ledger();
        if (lines == null) {
            minutes.record(message);
        } else {
            lines.add(message, client, answer);
        }
    }

    private synchronized @Nullable SinkLedger ledger() {
        return ledger;
    }

    private void serve(CountingSocket socket, CountDownLatch closing) throws IOException {
        socket.setTcpNoDelay(true);
        Peer peer = new Peer(socket, closing);
        int number = minutes.recordOpened(peer);
        Conversation conversation = new Conversation(this, peer, number);
        Thread.ofVirtual().name("scripted-smtp-" + number).start(() -> run(conversation, peer));
    }

    private void run(Conversation conversation, Peer peer) {
        try {
            conversation.run();
        } catch (IOException e) {
            // the client went, which tests do all the time
        } catch (RuntimeException e) {
            minutes.recordSurprise(e.toString());
        } finally {
            peer.close();
            minutes.recordClosed(peer);
        }
    }
}
