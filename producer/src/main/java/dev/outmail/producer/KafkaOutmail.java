package dev.outmail.producer;

import dev.outmail.config.Deployment;
import dev.outmail.kafka.Topics;
import dev.outmail.mail.MailEvent;
import dev.outmail.settings.SettingsTail;
import dev.outmail.settings.Timing;
import dev.outmail.wire.EventCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Outmail over Kafka.
final class KafkaOutmail implements Outmail {
    private static final Logger log = LoggerFactory.getLogger(KafkaOutmail.class);

    /// How long a caller is kept waiting: half of it for settings that were not read yet, half for
    /// Kafka to be there.
    private static final Duration SEND_DEADLINE = Duration.ofMillis(500);

    /// How long Kafka may take to confirm, and to show the settings to who can't do without them.
    private static final Duration KAFKA_DEADLINE = Duration.ofSeconds(5);

    private static final int BUFFER_BYTES = 32 << 20;

    private final Topics topics;
    private final EventCodec codec;
    private final SettingsTail settings;
    private final Thread settingsThread;
    private final Producer<byte[], byte[]> events;
    private final InstantDelivery instant;

    private KafkaOutmail(Deployment deployment) {
        var clients = deployment.clients("outmail");
        topics = deployment.topics();
        codec = new EventCodec(deployment.limits());
        settings = new SettingsTail(clients, topics);
        settingsThread = Thread.ofPlatform().name("outmail-settings").daemon().unstarted(settings);
        events = clients.producer("events", producerConfig(deployment));
        instant = new InstantDelivery(deployment, clients, settings);
    }

    static Outmail connect(Deployment deployment) {
        var outmail = new KafkaOutmail(deployment);
        outmail.settingsThread.start();
        WarmUp.start(outmail.events, outmail.topics.events());
        outmail.instant.start();
        return outmail;
    }

    private static Map<String, String> producerConfig(Deployment deployment) {
        int maxRequest = Topics.maxRecordBytes(deployment.limits().maxBytes());
        return Map.of(
                "max.block.ms", Long.toString(SEND_DEADLINE.dividedBy(2).toMillis()),
                "metadata.max.idle.ms", WarmUp.METADATA_MAX_IDLE_MILLIS,
                "delivery.timeout.ms", Long.toString(KAFKA_DEADLINE.toMillis()),
                "request.timeout.ms", "2000",
                "linger.ms", "1",
                "buffer.memory", Integer.toString(Math.max(BUFFER_BYTES, 2 * maxRequest)),
                "max.request.size", Integer.toString(maxRequest));
    }

    @Override
    public Receipt send(MailEvent event) {
        long deadline = System.nanoTime() + SEND_DEADLINE.toNanos();
        awaitSettings(SEND_DEADLINE.dividedBy(2));
        return deliversInstantly(event) ? deliverNow(event) : await(publish(event), deadline);
    }

    /// Until the settings were read, nobody knows the timing; in the background is then the safe
    /// one.
    private void awaitSettings(Duration timeout) {
        try {
            settings.awaitRead(timeout);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean deliversInstantly(MailEvent event) {
        boolean instantly =
                settings.snapshot()
                        .profile(event.profile())
                        .map(profile -> profile.settings().timing() == Timing.INSTANTLY)
                        .orElse(false);
        return instantly && event.terms().sendAt() == null;
    }

    private static Receipt await(CompletableFuture<Receipt.Queued> published, long deadlineNanos) {
        try {
            long left = Math.max(0, deadlineNanos - System.nanoTime());
            return published.get(left, TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof MailException known
                    ? known
                    : new MailNotAccepted("the event could not be published", e.getCause());
        } catch (TimeoutException e) {
            throw new MailNotAccepted(
                    "Kafka did not confirm the event within " + SEND_DEADLINE.toMillis() + " ms",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MailNotAccepted("interrupted while Kafka had not confirmed the event", e);
        }
    }

    @Override
    public CompletableFuture<Receipt.Queued> publish(MailEvent event) {
        var record = new ProducerRecord<>(topics.events(), key(event), codec.encode(event));
        var published = new CompletableFuture<Receipt.Queued>();
        try {
            var unused =
                    events.send(
                            record,
                            (metadata, failure) -> {
                                if (failure == null) {
                                    published.complete(
                                            new Receipt.Queued(
                                                    metadata.topic(),
                                                    metadata.partition(),
                                                    metadata.offset()));
                                } else {
                                    published.completeExceptionally(notAccepted(event, failure));
                                }
                            });
        } catch (KafkaException e) {
            published.completeExceptionally(notAccepted(event, e));
        }
        return published;
    }

    private MailNotAccepted notAccepted(MailEvent event, Exception failure) {
        log.atWarn()
                .addKeyValue("event", event.id())
                .addKeyValue("cause", failure.toString())
                .log("Kafka did not confirm an event");
        return new MailNotAccepted(
                "Kafka did not confirm the event on "
                        + topics.events()
                        + ": "
                        + failure.getMessage(),
                failure);
    }

    /// Mails of a thread, or else to the same first recipient, keep their order.
    private static byte[] key(MailEvent event) {
        var conversation = event.content().conversation();
        var key =
                conversation != null
                        ? event.id().source() + "#" + conversation
                        : event.addressing().recipients().getFirst().toString();
        return key.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public Receipt deliverNow(MailEvent event) {
        var checked = codec.checked(event);
        awaitSettings(KAFKA_DEADLINE);
        return instant.deliver(checked);
    }

    @Override
    public void close() {
        long deadline = System.nanoTime() + KAFKA_DEADLINE.toNanos();
        events.close(KAFKA_DEADLINE);
        instant.close(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
        settings.close();
    }
}
