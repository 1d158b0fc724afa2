package dev.outmail.producer;

import dev.outmail.config.Deployment;
import dev.outmail.delivery.DeliveryEngine;
import dev.outmail.delivery.LogEntries;
import dev.outmail.delivery.Outcome;
import dev.outmail.delivery.Reason;
import dev.outmail.delivery.RecipientVerdict;
import dev.outmail.delivery.RetryPolicy;
import dev.outmail.delivery.Transports;
import dev.outmail.delivery.Undelivered;
import dev.outmail.delivery.mime.MessageId;
import dev.outmail.delivery.smtp.SmtpClient;
import dev.outmail.delivery.smtp.SmtpTimeouts;
import dev.outmail.kafka.KafkaClients;
import dev.outmail.kafka.TraceContext;
import dev.outmail.mail.MailEvent;
import dev.outmail.settings.Secrets;
import dev.outmail.settings.SettingsTail;
import dev.outmail.wire.LogEntry;
import dev.outmail.wire.LogRecords;
import io.opentelemetry.context.Context;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Delivers in the caller's thread, with the same engine as a worker, and logs it like a worker.
final class InstantDelivery {
    private static final Logger log = LoggerFactory.getLogger(InstantDelivery.class);
    private static final Duration LOG_DEADLINE = Duration.ofHours(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final int LOG_BUFFER_BYTES = 8 << 20;

    private final SettingsTail settings;
    private final ScheduledExecutorService deadlines;
    private final Transports transports;
    private final DeliveryEngine engine;
    private final InstantSource clock = InstantSource.system();
    private final LogEntries entries;
    private final Producer<byte[], byte[]> producer;
    private final LogRecords logRecords;

    InstantDelivery(Deployment deployment, KafkaClients clients, SettingsTail settings) {
        this.settings = settings;
        this.logRecords = deployment.logRecords();
        this.deadlines =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().name("outmail-deadlines").daemon().factory());
        var client =
                SmtpClient.of(
                        deployment.smtp().localhost(),
                        new Secrets(
                                System.getenv(), deployment.keys(), deployment.topics().settings()),
                        timeouts(deployment.smtp().finalDotTimeout()),
                        deadlines);
        this.transports = Transports.of(deployment.sendmail(), client, RetryPolicy.DEFAULT);
        this.engine = new DeliveryEngine(transports, clock);
        this.entries = new LogEntries(deployment.worker().id());
        this.producer = clients.producer("log", logProducerConfig());
        settings.onChange(transports::settingsChanged);
    }

    /// Somebody waits for the answer: shorter than a worker's, but for the final dot, where giving
    /// up leaves the mail in doubt.
    private static SmtpTimeouts timeouts(Duration finalDot) {
        var usual = SmtpTimeouts.DEFAULT;
        return new SmtpTimeouts(
                LONGEST_PAUSE,
                usual.connect(),
                LONGEST_PAUSE,
                finalDot,
                finalDot.plus(LONGEST_PAUSE));
    }

    /// Entries wait here for a Kafka that is away, never the caller.
    private static Map<String, String> logProducerConfig() {
        return Map.of(
                "max.block.ms",
                "100",
                // where all brokers are away it would forget the topic, and no entry could wait
                "metadata.recovery.strategy",
                "none",
                "metadata.max.idle.ms",
                WarmUp.METADATA_MAX_IDLE_MILLIS,
                "delivery.timeout.ms",
                Long.toString(LOG_DEADLINE.toMillis()),
                // as long as closing waits for a broker that takes connections and says nothing
                "request.timeout.ms",
                "2000",
                "linger.ms",
                "1",
                "buffer.memory",
                Integer.toString(LOG_BUFFER_BYTES));
    }

    void start() {
        WarmUp.start(producer, logRecords.topic(), () -> {});
    }

    Receipt deliver(MailEvent event) {
        var startedAt = clock.instant();
        var mail = Undelivered.fresh(event, startedAt);
        try {
            var outcome = attempt(mail);
            var took = Duration.between(startedAt, clock.instant());
            writeDown(entries.entry(mail, outcome, startedAt, took, null), event);
            return receipt(event, outcome);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MailDeferred(
                    Reason.CONNECTION_LOST, "interrupted before the mail was sent", List.of());
        }
    }

    /// Settings that changed on the way there are no reason to come back later.
    private Outcome attempt(Undelivered mail) throws InterruptedException {
        while (true) {
            var by = settings.snapshot();
            var outcome = engine.attempt(mail, by);
            if (!(outcome instanceof Outcome.Paused) || by.equals(settings.snapshot())) {
                return outcome;
            }
        }
    }

    /// For each profile the revision that no delivery under way is older than.
    Map<String, Long> applied() {
        return transports.applied();
    }

    /// Calls the listener when [#applied()] may say something new; it must not block.
    void onApplied(Runnable listener) {
        transports.onApplied(listener);
    }

    private void writeDown(LogEntry entry, MailEvent event) {
        var key = event.id().toString().getBytes(StandardCharsets.UTF_8);
        var record = logRecords.of(key, entry);
        TraceContext.put(Context.current(), record.headers());
        try {
            var unused =
                    producer.send(
                            record,
                            (metadata, failure) -> {
                                if (failure != null) {
                                    notLogged(entry, event, failure);
                                }
                            });
        } catch (KafkaException | IllegalStateException e) {
            // the latter where it was closed meanwhile; the mail's outcome stands
            notLogged(entry, event, e);
        }
    }

    private static void notLogged(LogEntry entry, MailEvent event, Exception failure) {
        log.atWarn()
                .addKeyValue("event", event.id())
                .addKeyValue("outcome", entry.outcome().wireName())
                .addKeyValue("messageId", entry.messageId())
                .addKeyValue("cause", failure.toString())
                .log("The outcome of an instant delivery is missing from the mailing log");
    }

    private static Receipt receipt(MailEvent event, Outcome outcome) {
        var messageId = MessageId.of(event);
        var why = outcome.reason().wireName() + ": " + outcome.detail();
        return switch (outcome) {
            case Outcome.Sent sent ->
                    new Receipt.Delivered(
                            messageId, sent.attempt().server(), sent.attempt().verdicts());
            case Outcome.Silenced silenced -> new Receipt.Silenced(messageId);
            case Outcome.Dropped dropped -> new Receipt.Dropped(why);
            case Outcome.Rejected rejected ->
                    throw new MailRejected(outcome.reason(), why, rejected.attempt().verdicts());
            case Outcome.Expired expired ->
                    throw new MailRejected(outcome.reason(), why, verdicts(expired));
            case Outcome.Deferred deferred ->
                    throw new MailDeferred(outcome.reason(), why, deferred.attempt().verdicts());
            case Outcome.Troubled troubled ->
                    throw new MailDeferred(outcome.reason(), why, List.of());
            case Outcome.Paused paused -> throw new MailDeferred(outcome.reason(), why, List.of());
            case Outcome.NotYet notYet -> throw new MailDeferred(outcome.reason(), why, List.of());
            case Outcome.InDoubt doubt ->
                    throw new MailInDoubt(outcome.reason(), why, doubt.attempt().verdicts());
            case Outcome.HeldInDoubt held ->
                    throw new MailInDoubt(outcome.reason(), why, held.attempt().verdicts());
            case Outcome.Held held -> throw new MailHeld(outcome.reason(), why);
        };
    }

    private static List<RecipientVerdict> verdicts(Outcome.Expired expired) {
        return expired.undelivered().judged();
    }

    /// @param timeout for entries of the log that wait for Kafka
    void flushAtExit(Duration timeout) {
        var flushed = CompletableFuture.runAsync(producer::flush, InstantDelivery::start);
        try {
            flushed.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException | ExecutionException e) {
            log.atError()
                    .log(
                            "The program ends, and outcomes of instant deliveries may be missing from the mailing log");
        }
    }

    private static void start(Runnable task) {
        Thread.ofPlatform().name("outmail-flush").daemon().start(task);
    }

    /// @param timeout for entries of the log that wait for Kafka
    void close(Duration timeout) {
        transports.close();
        try {
            producer.close(timeout);
        } catch (InterruptException e) {
            // what was not written has been told, each by itself
            Thread.currentThread().interrupt();
        } finally {
            deadlines.shutdownNow();
        }
    }
}
