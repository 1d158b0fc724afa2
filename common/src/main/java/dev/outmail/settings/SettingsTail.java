package dev.outmail.settings;

import dev.outmail.kafka.KafkaClients;
import dev.outmail.kafka.Topics;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads the compacted settings topic to its end, then follows it, and always has the last snapshot
/// at hand. It runs on the thread that it is given, which owns the consumer.
///
/// Until the end was reached once there is no snapshot: nothing is sent on settings that may be
/// old.
public final class SettingsTail implements Runnable, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SettingsTail.class);
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final String topic;
    private final CompletableFuture<Void> read = new CompletableFuture<>();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private final CopyOnWriteArrayList<java.util.function.Consumer<SettingsSnapshot>> listeners =
            new CopyOnWriteArrayList<>();
    private volatile SettingsSnapshot snapshot = SettingsSnapshot.EMPTY;

    /// Of the thread that runs; others may wake it up and no more.
    private volatile @Nullable Consumer<byte[], byte[]> following;

    public SettingsTail(KafkaClients clients, Topics topics) {
        this.consumers = () -> clients.consumer("settings", Map.of());
        this.topic = topics.settings();
    }

    /// The settings of the moment; [SettingsSnapshot#EMPTY] until they were read to the end once.
    public SettingsSnapshot snapshot() {
        return snapshot;
    }

    /// Whether the settings were read to the end once.
    public boolean hasRead() {
        return read.isDone();
    }

    /// Waits until the settings were read to the end once; false when that took too long.
    public boolean awaitRead(Duration timeout) throws InterruptedException {
        try {
            read.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    /// Waits until a profile is at a revision or past it; false when that took too long.
    public boolean awaitRevision(String profile, long revision, Duration timeout)
            throws InterruptedException {
        var reached = new CountDownLatch(1);
        java.util.function.Consumer<SettingsSnapshot> listener =
                now -> {
                    if (isAt(now, profile, revision)) {
                        reached.countDown();
                    }
                };
        listeners.add(listener);
        try {
            listener.accept(snapshot);
            return reached.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } finally {
            listeners.remove(listener);
        }
    }

    private static boolean isAt(SettingsSnapshot settings, String profile, long revision) {
        return settings.profile(profile).map(p -> p.revision() >= revision).orElse(false);
    }

    /// Calls the listener on this tail's thread after each change; it must not block.
    public void onChange(java.util.function.Consumer<SettingsSnapshot> listener) {
        listeners.add(listener);
    }

    @Override
    public void run() {
        while (!closed.isDone()) {
            try (var consumer = consumers.get()) {
                following = consumer;
                if (!closed.isDone()) {
                    follow(new SettingsTopic(consumer, topic));
                }
            } catch (WakeupException | InterruptException e) {
                return;
            } catch (KafkaException e) {
                log.atWarn()
                        .addKeyValue("topic", topic)
                        .addKeyValue("cause", e.toString())
                        .log(
                                "The settings can't be read now and the last known ones stay; does the topic exist (outmail topics apply), and does Kafka answer?");
                pause();
            }
        }
    }

    private void follow(SettingsTopic settings) {
        publish(settings.readToEnd(READ_TIMEOUT));
        read.complete(null);
        while (!closed.isDone()) {
            publish(settings.poll(POLL));
        }
    }

    private void publish(SettingsSnapshot latest) {
        if (latest.equals(snapshot)) {
            return;
        }
        snapshot = latest;
        latest.profiles()
                .forEach((profile, now) ->
                        log.atInfo()
                                .addKeyValue("profile", profile)
                                .addKeyValue("revision", now.revision())
                                .log("Settings read"));
        listeners.forEach(listener -> listener.accept(latest));
    }

    private void pause() {
        try {
            closed.get(RETRY.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            // time to try again
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    /// Ends [#run()]; the last snapshot stays at hand.
    @Override
    public void close() {
        closed.complete(null);
        var consumer = following;
        if (consumer != null) {
            consumer.wakeup();
        }
    }
}
