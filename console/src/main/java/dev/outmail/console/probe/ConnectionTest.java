package dev.outmail.console.probe;

import dev.outmail.delivery.Printable;
import dev.outmail.settings.Connection.Security;
import dev.outmail.settings.Connection.SmtpServer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// Tries a server step by step, and says at each how long it took and what the server said. Made
/// anew for each test, for one thread.
public final class ConnectionTest {
    private final TargetRules rules;
    private final Plan plan;
    private final List<Step> steps = new ArrayList<>();

    /// What is tried.
    ///
    /// @param localhost what we call ourselves
    /// @param password of the server's login; null where it is not known here
    /// @param passwordTrouble why it is not
    /// @param from the envelope's sender; empty for none, and then no mail is begun
    /// @param to who is asked about; empty for nobody
    /// @param message to be really sent; null for none
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Plan(
            SmtpServer server,
            String localhost,
            @Nullable String password,
            String passwordTrouble,
            String from,
            String to,
            byte @Nullable [] message) {
        @Override
        public String toString() {
            return server.address();
        }
    }

    public ConnectionTest(TargetRules rules, Plan plan) {
        this.rules = rules;
        this.plan = plan;
    }

    /// A step that can't be taken, in printable words, with what to do about it.
    private static final class Stop extends Exception {
        private static final long serialVersionUID = 1L;
        private final String advice;

        Stop(String words, String advice) {
            super(words);
            this.advice = advice;
        }
    }

    private interface Action {
        String run() throws IOException, Stop;
    }

    private boolean step(String name, Action action) {
        long began = System.nanoTime();
        try {
            var words = action.run();
            steps.add(new Step(name, Step.Result.OK, since(began), words, ""));
            return true;
        } catch (Stop e) {
            failed(name, began, String.valueOf(e.getMessage()), e.advice);
        } catch (IOException e) {
            failed(name, began, words(e), advice(e));
        }
        return false;
    }

    private void failed(String name, long began, String words, String advice) {
        steps.add(new Step(name, Step.Result.FAILED, since(began), words, advice));
    }

    private static Duration since(long began) {
        return Duration.ofNanos(System.nanoTime() - began);
    }

    /// Those at the bottom of it, which say what really happened.
    private static String words(IOException failure) {
        Throwable deepest = failure;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        var message = deepest.getMessage();
        return Printable.of(message == null ? deepest.getClass().getSimpleName() : message);
    }

    private static String advice(IOException failure) {
        return switch (failure) {
            case TargetRules.NotAllowed notAllowed ->
                    "The deployment can allow it: console.test-hosts. Workers may reach it all the same.";
            case UnknownHostException unknown ->
                    "Nobody knows a host of that name: is it spelled right, and does DNS answer here?";
            case ConnectException refused ->
                    "Nothing listens at that port, or a firewall refuses: is the port right?";
            case NoRouteToHostException noRoute -> "No network leads there from here.";
            case SocketTimeoutException slow ->
                    "Nobody answered in time: a firewall may drop what we send; many providers block port 25.";
            case SSLException tls -> tlsAdvice(tls);
            default -> "";
        };
    }

    /// Where no certificate was seen.
    private static String tlsAdvice(SSLException failure) {
        return words(failure).contains("unrecognized SSL message")
                ? "The server speaks plain text there: choose STARTTLS, or the port for TLS (465)."
                : "TLS could not be agreed upon: is the security right for this port?";
    }

    /// Runs it.
    public List<Step> run() {
        var found = new InetAddress[1];
        var server = plan.server();
        if (step("Resolve", () -> resolve(found))) {
            var wire = new Wire[1];
            try {
                if (step("Connect", () -> connect(wire, found[0]))) {
                    converse(wire[0], server);
                }
            } finally {
                close(wire[0]);
            }
        }
        return List.copyOf(steps);
    }

    private String resolve(InetAddress[] found) throws IOException {
        found[0] = rules.address(plan.server().host(), plan.server().port());
        return found[0].getHostAddress();
    }

    private String connect(Wire[] wire, InetAddress address) throws IOException, Stop {
        var server = plan.server();
        wire[0] = Wire.connect(server.host(), address, server.port());
        return server.security() == Security.TLS ? "port " + server.port() : fine(wire[0].reply());
    }

    private static void close(@Nullable Wire wire) {
        if (wire != null) {
            try (wire) {
                wire.send("QUIT");
            } catch (IOException e) {
                // it was leaving anyway
            }
        }
    }

    private void converse(Wire wire, SmtpServer server) {
        var offered = new Wire.SmtpReply[1];
        boolean secure =
                switch (server.security()) {
                    case NONE -> step("EHLO", () -> hello(wire, offered));
                    case TLS ->
                            step("TLS", () -> secure(wire))
                                    && step("Greeting", () -> fine(wire.reply()))
                                    && step("EHLO", () -> hello(wire, offered));
                    case STARTTLS ->
                            step("EHLO", () -> hello(wire, offered))
                                    && step("STARTTLS", () -> startTls(wire, offered[0]))
                                    && step("EHLO by TLS", () -> hello(wire, offered));
                };
        if (secure && login(wire, server, offered[0])) {
            mail(wire);
        }
    }

    private String hello(Wire wire, Wire.SmtpReply[] offered) throws IOException, Stop {
        offered[0] = wire.command("EHLO " + plan.localhost());
        return fine(offered[0]);
    }

    private static String fine(Wire.SmtpReply reply) throws Stop {
        if (!reply.isFine()) {
            throw new Stop(
                    reply.words(),
                    reply.code() == 0
                            ? "This is no mail server's answer: are host and port right?"
                            : "");
        }
        return reply.words();
    }

    private static String startTls(Wire wire, Wire.SmtpReply offered) throws IOException, Stop {
        if (!offered.offers("STARTTLS", "")) {
            throw new Stop(
                    "the server does not offer STARTTLS",
                    "Choose TLS and its port (465), or ask the server's owner. Nothing is sent in clear.");
        }
        fine(wire.command("STARTTLS"));
        return secure(wire);
    }

    private static String secure(Wire wire) throws IOException, Stop {
        var witness = Witness.ofThisJava();
        try {
            var session = wire.secure(witness);
            var words = session.getProtocol() + ", " + session.getCipherSuite();
            var certificate = witness.seen().orElseThrow(() -> new SSLException("nobody is there"));
            certificate.checkDates();
            return words + "\n" + certificate.words();
        } catch (SSLException e) {
            var certificate = witness.seen().orElseThrow(() -> e);
            throw new Stop(words(e) + "\n" + certificate.words(), certificate.advice(e));
        }
    }

    private boolean login(Wire wire, SmtpServer server, Wire.SmtpReply offered) {
        var login = server.login();
        if (login == null) {
            return true;
        }
        var password = plan.password();
        if (password == null) {
            steps.add(Step.skipped("Login", plan.passwordTrouble()));
            return true;
        }
        return step("Login", () -> authenticate(wire, offered, login.username(), password));
    }

    private static String authenticate(
            Wire wire, Wire.SmtpReply offered, String username, String password)
            throws IOException, Stop {
        if (offered.offers("AUTH", "PLAIN")) {
            return accepted(
                    wire.command("AUTH PLAIN " + base64("\0" + username + "\0" + password)));
        }
        if (offered.offers("AUTH", "LOGIN")) {
            fine(wire.command("AUTH LOGIN"));
            fine(wire.command(base64(username)));
            return accepted(wire.command(base64(password)));
        }
        throw new Stop(
                "the server offers no login by PLAIN or LOGIN",
                "Leave the user name empty if it wants none, or choose another security: many offer it by TLS only.");
    }

    private static String accepted(Wire.SmtpReply reply) throws Stop {
        return switch (reply.code()) {
            case 535, 534, 538 ->
                    throw new Stop(
                            reply.words(),
                            "The server refuses user name or password. Some providers want a password made for programs.");
            default -> fine(reply);
        };
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private void mail(Wire wire) {
        if (plan.from().isEmpty()) {
            steps.add(Step.skipped("MAIL", "no From address is entered"));
            return;
        }
        if (!step("MAIL", () -> sender(wire.command("MAIL FROM:<" + plan.from() + ">")))) {
            return;
        }
        if (plan.to().isEmpty()) {
            steps.add(Step.skipped("RCPT", "no recipient is entered"));
            return;
        }
        if (step("RCPT", () -> recipient(wire.command("RCPT TO:<" + plan.to() + ">")))) {
            var message = plan.message();
            if (message != null) {
                step("Test mail", () -> send(wire, message));
            }
        }
    }

    private static String sender(Wire.SmtpReply reply) throws Stop {
        if (reply.code() == 530) {
            throw new Stop(reply.words(), "The server wants a login, or TLS, first.");
        }
        if (!reply.isFine()) {
            throw new Stop(
                    reply.words(), "The server does not let this login send from that address.");
        }
        return reply.words();
    }

    private static String recipient(Wire.SmtpReply reply) throws Stop {
        if (!reply.isFine()) {
            throw new Stop(
                    reply.words(),
                    reply.code() / 100 == 4
                            ? "Not now, the server says: greylisting often says so at first. Try again later."
                            : "The server does not take mail for that address; a relay may want a login.");
        }
        return reply.words();
    }

    private static String send(Wire wire, byte[] message) throws IOException, Stop {
        fine(wire.command("DATA"));
        var text = new String(message, StandardCharsets.ISO_8859_1);
        var stuffed = text.startsWith(".") ? "." + text : text;
        stuffed = stuffed.replace("\r\n.", "\r\n..");
        var end = stuffed.endsWith("\r\n") ? ".\r\n" : "\r\n.\r\n";
        wire.sendRaw((stuffed + end).getBytes(StandardCharsets.ISO_8859_1));
        return fine(wire.reply());
    }
}
