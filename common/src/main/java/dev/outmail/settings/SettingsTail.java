package dev.outmail.settings;

import dev.outmail.kafka.KafkaClients;
import dev.outmail.kafka.TopicTail;
import dev.outmail.kafka.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads the compacted settings topic to its end, then follows it, and always has the last snapshot
/// at hand. It runs on the thread that it is given, which owns the consumer.
///
/// Until the end was reached once there is no snapshot: nothing is sent on settings that may be
/// old.
public final class SettingsTail implements Runnable, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SettingsTail.class);
    private final TopicTail tail;
    private final CompletableFuture<Void> read = new CompletableFuture<>();
    private final CopyOnWriteArrayList<java.util.function.Consumer<SettingsSnapshot>> listeners =
            new CopyOnWriteArrayList<>();
    private final Locks locks;
    private volatile SettingsSnapshot snapshot = SettingsSnapshot.EMPTY;

    /// As read so far, without locks; of the thread that runs.
    private SettingsSnapshot known = SettingsSnapshot.EMPTY;

    /// Profiles whose last record was refused.
    private final Set<String> refused = new ConcurrentSkipListSet<>();

    /// Those that the listener knows of; of the thread that runs.
    private List<String> toldRefused = List.of();

    private volatile Runnable onRefusal = () -> {};

    public SettingsTail(KafkaClients clients, Topics topics) {
        this(clients, topics, Locks.NONE);
    }

    /// @param locks put over all that is read before anybody sees it
    public SettingsTail(KafkaClients clients, Topics topics, Locks locks) {
        this.locks = locks;
        this.tail =
                new TopicTail(
                        () -> clients.consumer("settings", Map.of()),
                        topics.settings(),
                        new Follower());
    }

    private final class Follower implements TopicTail.Follower {
        @Override
        public void began() {
            known = SettingsSnapshot.EMPTY;
            refused.clear();
        }

        @Override
        public void read(ConsumerRecord<byte[], byte[]> record) {
            var profile =
                    record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
            var changed = SettingsTopic.apply(known, record);
            if (changed.isPresent()) {
                known = changed.get();
                refused.remove(profile);
            } else {
                refused.add(profile);
            }
        }

        @Override
        public void isUpToDate() {
            publish(locks.applyTo(known));
            tellRefused();
            read.complete(null);
        }
    }

    /// The settings of the moment; [SettingsSnapshot#EMPTY] until they were read to the end once.
    public SettingsSnapshot snapshot() {
        return snapshot;
    }

    /// Profiles whose last record on the topic is no settings, or older ones: for them what was
    /// known last counts, if anything was. An empty name stands for records without a profile.
    public List<String> refused() {
        return List.copyOf(refused);
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

    /// Calls this on this tail's thread after each change of what is refused; it must not block.
    public void onRefusal(Runnable listener) {
        onRefusal = listener;
    }

    private void tellRefused() {
        var now = refused();
        if (!now.equals(toldRefused)) {
            toldRefused = now;
            onRefusal.run();
        }
    }

    @Override
    public void run() {
        tail.run();
    }

    private void publish(SettingsSnapshot latest) {
        if (latest.equals(snapshot)) {
            return;
        }
        var before = snapshot;
        snapshot = latest;
        latest.profiles()
                .forEach((profile, now) ->
                        log.atInfo()
                                .addKeyValue("profile", profile)
                                .addKeyValue("revision", now.revision())
                                .log("Settings read"));
        latest.unusable()
                .forEach((profile, why) -> {
                    if (!why.equals(before.unusable().get(profile))) {
                        log.atError()
                                .addKeyValue("profile", profile)
                                .addKeyValue("problems", why)
                                .log(
                                        "A profile's settings can't be used with what this deployment locks of them; its mail is held");
                    }
                });
        listeners.forEach(listener -> listener.accept(latest));
    }

    /// Ends [#run()]; the last snapshot stays at hand.
    @Override
    public void close() {
        tail.close();
    }
}
