package dev.outmail.submission.smtp;

import dev.outmail.config.Deployment;
import dev.outmail.endpoints.Endpoints;
import dev.outmail.endpoints.Health;
import dev.outmail.mail.EventLimits;
import dev.outmail.producer.MailNotAccepted;
import dev.outmail.producer.Outmail;
import dev.outmail.producer.Submission;
import io.github.bucket4j.TimeMeter;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes mail over SMTP and publishes it.
public final class SmtpIn implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SmtpIn.class);

    /// What messages on their way in may take of all memory, each as it came and as an event's
    /// JSON: in between it is there several times over.
    private static final int SHARE_OF_MEMORY = 8;

    private final CountDownLatch closed = new CountDownLatch(1);
    private final Outmail outmail;
    private final Publishing publishing;
    private final Listener listener;
    private final Endpoints endpoints;
    private volatile boolean closing;

    private SmtpIn(Deployment deployment) throws IOException, GeneralSecurityException {
        var options = deployment.smtpIn();
        var time = Reception.Time.SYSTEM;
        var identity =
                options.tls().isEmpty()
                        ? Optional.<ServerIdentity>empty()
                        : Optional.of(new ServerIdentity(options.tls().get()));
        var users = options.users().map(Users::new);
        this.outmail = Outmail.connect(deployment);
        this.publishing =
                new Publishing(
                        outmail,
                        new Submission(options.source(), options.profile()),
                        time.nanoTime(),
                        LockSupport::parkNanos);
        var memory = new MemoryBudget(memoryForMessages(deployment.limits()));
        Map<Conversation, Thread> conversations = Listener.none();
        var meters = new SmtpInMeters(conversations::size, memory::left);
        try {
            this.listener =
                    new Listener(
                            new Reception(
                                    options,
                                    deployment.smtp().localhost(),
                                    deployment.limits(),
                                    publishing,
                                    identity,
                                    users,
                                    new Clients(options.limits(), TimeMeter.SYSTEM_NANOTIME),
                                    memory,
                                    meters,
                                    time),
                            conversations);
            this.endpoints = Endpoints.listenOn(deployment.http());
        } catch (IOException e) {
            outmail.close();
            throw e;
        }
        listener.start();
        endpoints.start(meters::scrape, this::live, this::ready);
    }

    /// Never less than the largest message needs, as it came and as an event.
    private static long memoryForMessages(EventLimits limits) {
        long share = Runtime.getRuntime().maxMemory() / SHARE_OF_MEMORY;
        return Math.max(share, 2L * limits.maxBytes());
    }

    /// Starts it, whether or not Kafka answers: a client that is told to come again is better off
    /// than one that finds nobody.
    ///
    /// @throws IOException when a port can't be had or a file can't be read
    /// @throws GeneralSecurityException when the certificate or its key is none
    /// @throws java.io.UncheckedIOException when the users' file can't be read
    public static SmtpIn start(Deployment deployment) throws IOException, GeneralSecurityException {
        var smtpIn = new SmtpIn(deployment);
        log.atInfo()
                .addKeyValue("address", deployment.smtpIn().address())
                .addKeyValue("port", smtpIn.port())
                .addKeyValue("endpoints", smtpIn.httpPort())
                .log("Taking mail over SMTP");
        return smtpIn;
    }

    /// The port that clients speak to.
    public int port() {
        return listener.port();
    }

    /// The port of the endpoints.
    public int httpPort() {
        return endpoints.port();
    }

    private Health live() {
        return Health.of(door());
    }

    /// Not down where Kafka is away: every other one would be, too, and clients are told to come
    /// again.
    private Health ready() {
        var kafka =
                publishing
                        .trouble()
                        .map(trouble -> Health.Part.degraded("kafka", trouble))
                        .orElse(Health.Part.up("kafka", "confirmed the last message"));
        return Health.of(door(), kafka);
    }

    private Health.Part door() {
        if (closing) {
            return Health.Part.down("smtp", "shutting down");
        }
        return listener.isAtWork()
                ? Health.Part.up("smtp", "listening on port " + port())
                : Health.Part.down("smtp", "nobody is let in any more; restart it");
    }

    /// Waits until it is closed.
    public void awaitEnd() throws InterruptedException {
        closed.await();
    }

    /// Lets nobody in any more, ends what is under way in order, and waits for Kafka.
    @Override
    public void close() {
        closing = true;
        listener.close();
        try {
            outmail.close();
        } catch (MailNotAccepted e) {
            log.atWarn()
                    .addKeyValue("events", e.events().size())
                    .log("Kafka has not confirmed all messages; their clients know it");
        }
        endpoints.close();
        closed.countDown();
    }
}
