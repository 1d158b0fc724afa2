package dev.outmail.cli.demo;

import com.icegreen.greenmail.Managers;
import com.icegreen.greenmail.smtp.SmtpServer;
import com.icegreen.greenmail.user.UserException;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import org.eclipse.angus.mail.util.MailStreamProvider;

/// A mail server (GreenMail) that takes everything and notes what came for whom, and when.
final class MailCatcher implements AutoCloseable {
    private static final Duration START_TIMEOUT = Duration.ofSeconds(10);

    private final Managers managers = new Managers();
    private final SmtpServer server;
    private final List<Arrival> arrivals = new CopyOnWriteArrayList<>();
    private final LongSupplier nanoTime;

    /// One copy for one recipient.
    record Arrival(String messageId, String recipient, long nanos) {}

    /// GreenMail writes an answer in two pieces; with Nagle's algorithm the second waits 40 ms.
    private static final class PromptSmtpServer extends SmtpServer {
        PromptSmtpServer(Managers managers) {
            super(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP), managers);
        }

        @Override
        protected void handleClientSocket(Socket client) throws SocketException {
            client.setTcpNoDelay(true);
            super.handleClientSocket(client);
        }
    }

    private MailCatcher(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.server = new PromptSmtpServer(managers);
    }

    static MailCatcher start(LongSupplier nanoTime) throws InterruptedException {
        // Or else Jakarta Mail, which GreenMail parses with, searches all jars for it with each
        // message.
        System.setProperty("jakarta.mail.util.StreamProvider", MailStreamProvider.class.getName());
        var catcher = new MailCatcher(nanoTime);
        catcher.server.startService();
        if (!catcher.server.waitTillRunning(START_TIMEOUT.toMillis())) {
            throw new IllegalStateException("the mail catcher did not start");
        }
        catcher.noteEverything();
        return catcher;
    }

    private void noteEverything() {
        var users = managers.getUserManager();
        try {
            var everyone = users.createUser("everyone@localhost", "everyone", "everyone");
            users.setMessageDeliveryHandler((message, address) -> {
                note(message.getMessage(), address.getEmail());
                return everyone;
            });
        } catch (UserException e) {
            throw new IllegalStateException(e);
        }
    }

    private void note(MimeMessage message, String recipient) throws MessagingException {
        arrivals.add(new Arrival(message.getMessageID(), recipient, nanoTime.getAsLong()));
    }

    int port() {
        return server.getPort();
    }

    /// All that came so far.
    List<Arrival> arrivals() {
        return List.copyOf(arrivals);
    }

    @Override
    public void close() {
        server.stopService();
    }
}
