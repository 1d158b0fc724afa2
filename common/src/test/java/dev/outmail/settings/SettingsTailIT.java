package dev.outmail.settings;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.kafka.KafkaClients;
import dev.outmail.kafka.Topics;
import dev.outmail.testkit.Await;
import dev.outmail.testkit.kafka.KafkaBroker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SettingsTailIT {
    @RegisterExtension static final KafkaBroker KAFKA = new KafkaBroker();

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Settings DISABLED =
            Settings.INITIAL.withConnection(new Connection.Disabled());
    private static final Settings NATIVE =
            Settings.INITIAL.withConnection(new Connection.NativeMailer());

    private final Topics topics = new Topics(KAFKA.prefix());
    private final KafkaClients clients =
            new KafkaClients(Map.of("bootstrap.servers", KAFKA.bootstrapServers()), "test");
    private final SettingsTail tail = new SettingsTail(clients, topics);
    private final Thread thread = Thread.ofPlatform().name("settings").unstarted(tail);

    @AfterEach
    void endTheTail() throws InterruptedException {
        tail.close();
        assertThat(thread.join(SOON)).isTrue();
    }

    @Test
    void whatIsThereIsReadToItsEnd() throws InterruptedException {
        createTopic();
        save("default", 1, DISABLED);
        save("newsletter", 1, NATIVE);
        save("default", 2, NATIVE);
        save("team-a", 1, DISABLED);
        write("team-a", null);

        start();

        assertThat(tail.snapshot())
                .isEqualTo(
                        new SettingsSnapshot(
                                Map.of(
                                        "default", new ProfileSettings("default", 2, NATIVE),
                                        "newsletter",
                                                new ProfileSettings("newsletter", 1, NATIVE))));
    }

    @Test
    void whatADeploymentLocksIsSeenAsItSays() throws InterruptedException {
        createTopic();
        save("default", 1, DISABLED);
        start();
        var locks =
                Locks.read(
                        Map.of(
                                "default.connection.mode",
                                "native",
                                "other.connection.mode",
                                "smtp"),
                        problem -> {});
        try (var pinned = new SettingsTail(clients, topics, locks)) {
            Thread.ofPlatform().name("settings with locks").daemon().start(pinned);
            assertThat(pinned.awaitRevision("default", 1, SOON)).isTrue();
            assertThat(pinned.snapshot().profile("default"))
                    .contains(new ProfileSettings("default", 1, NATIVE));

            save("other", 1, DISABLED);
            save("default", 2, DISABLED);

            assertThat(pinned.awaitRevision("default", 2, SOON)).isTrue();
            assertThat(pinned.snapshot().profiles())
                    .containsOnly(Map.entry("default", new ProfileSettings("default", 2, NATIVE)));
            assertThat(pinned.snapshot().unusable()).containsOnlyKeys("other");
        }
    }

    @Test
    void beforeTheEndWasReadThereAreNoSettings() throws InterruptedException {
        createTopic();
        save("default", 1, DISABLED);

        assertThat(tail.hasRead()).isFalse();
        assertThat(tail.snapshot()).isEqualTo(SettingsSnapshot.EMPTY);
        assertThat(tail.awaitRead(Duration.ZERO)).isFalse();

        start();

        assertThat(tail.hasRead()).isTrue();
    }

    @Test
    void anEmptyTopicIsReadAtOnce() throws InterruptedException {
        createTopic();

        start();

        assertThat(tail.snapshot().isEmpty()).isTrue();
    }

    @Test
    void whatIsSavedLaterIsFollowed() throws InterruptedException {
        createTopic();
        start();
        var heard = new CopyOnWriteArrayList<SettingsSnapshot>();
        tail.onChange(heard::add);
        var store = new SettingsStore(clients, topics);

        store.update("default", settings -> DISABLED);
        boolean first = tail.awaitRevision("default", 1, SOON);
        store.update("default", settings -> NATIVE);
        boolean second = tail.awaitRevision("default", 2, SOON);

        assertThat(List.of(first, second)).containsOnly(true);
        assertThat(tail.snapshot().profile("default"))
                .contains(new ProfileSettings("default", 2, NATIVE));
        Await.until(SOON, () -> heard.size() == 2, () -> "two changes are heard, not " + heard);
        assertThat(heard).last().isEqualTo(tail.snapshot());
        assertThat(tail.awaitRevision("default", 3, Duration.ZERO)).isFalse();
    }

    @Test
    void aMalformedRecordLeavesTheLastKnownSettings() throws InterruptedException {
        createTopic();
        save("default", 3, DISABLED);
        start();

        write("default", "{\"revision\": 4, \"connection\": {\"mode\": \"smtp\"}}".getBytes(UTF_8));
        write("default", "4".getBytes(UTF_8));
        write("default", new byte[0]);
        write("default", "{\"revision\": 1e9999999999}".getBytes(UTF_8));
        awaitPassed();

        assertThat(tail.snapshot().profile("default"))
                .contains(new ProfileSettings("default", 3, DISABLED));
    }

    @Test
    void aRecordThatIsNotNewerLeavesTheLastKnownSettings() throws InterruptedException {
        createTopic();
        save("default", 3, DISABLED);
        start();

        save("default", 2, NATIVE);
        save("default", 3, NATIVE);
        awaitPassed();

        assertThat(tail.snapshot().profile("default"))
                .contains(new ProfileSettings("default", 3, DISABLED));
    }

    @Test
    void whatIsRefusedAndThatItNoLongerIsAreTold() throws InterruptedException {
        createTopic();
        save("default", 3, DISABLED);
        start();
        var told = new CopyOnWriteArrayList<List<String>>();
        tail.onRefusal(() -> told.add(tail.refused()));

        write("default", "4".getBytes(UTF_8));
        Await.until(SOON, () -> told.equals(List.of(List.of("default"))), () -> "refused: " + told);
        save("default", 4, NATIVE);

        Await.until(SOON, () -> told.size() == 2, () -> "no longer refused: " + told);
        assertThat(told).last().isEqualTo(List.of());
    }

    @Test
    void aRecordWithoutAProfileIsPassedOver() throws InterruptedException {
        KAFKA.createTopic(topics.settings()); // a compacted one would not take it
        KAFKA.send(
                new ProducerRecord<>(
                        topics.settings(),
                        null,
                        SettingsCodec.encode(new ProfileSettings("default", 1, DISABLED))));
        start();

        awaitPassed();

        assertThat(tail.snapshot().profiles()).containsOnlyKeys("passed");
    }

    @Test
    void aTombstoneTakesAProfileAway() throws InterruptedException {
        createTopic();
        save("default", 3, DISABLED);
        start();

        write("default", null);
        awaitPassed();

        assertThat(tail.snapshot().profile("default")).isEmpty();
    }

    @Test
    void aProfileThatWasTakenAwayBeginsAnew() throws InterruptedException {
        createTopic();
        save("default", 3, DISABLED);
        write("default", null);
        save("default", 1, NATIVE);

        start();

        assertThat(tail.snapshot().profile("default"))
                .contains(new ProfileSettings("default", 1, NATIVE));
    }

    @Test
    void aSaveThatWasAbandonedIsNotSeen() throws InterruptedException {
        createTopic();
        save("default", 1, DISABLED);
        var transactional = Map.of("transactional.id", topics.prefix() + "settings-writer");
        try (var writer = clients.producer("settings", transactional)) {
            writer.initTransactions();
            writer.beginTransaction();
            var _ =
                    writer.send(
                            new ProducerRecord<>(
                                    topics.settings(),
                                    "default".getBytes(UTF_8),
                                    SettingsCodec.encode(
                                            new ProfileSettings("default", 2, NATIVE))));
            writer.flush();

            start();
            writer.abortTransaction();
        }
        awaitPassed();

        assertThat(tail.snapshot().profile("default"))
                .contains(new ProfileSettings("default", 1, DISABLED));
    }

    @Test
    void aTopicThatIsCreatedLaterIsReadThen() throws InterruptedException {
        thread.start();
        boolean readTooEarly = tail.awaitRead(Duration.ofMillis(300));
        createTopic();
        save("default", 1, DISABLED);

        boolean read = tail.awaitRead(SOON);

        assertThat(readTooEarly).isFalse();
        assertThat(read).isTrue();
        assertThat(tail.awaitRevision("default", 1, SOON)).isTrue();
    }

    @Test
    void closingEndsTheThreadAndKeepsTheSettings() throws InterruptedException {
        createTopic();
        save("default", 1, DISABLED);
        start();

        tail.close();

        assertThat(thread.join(SOON)).isTrue();
        assertThat(tail.snapshot().profile("default")).isPresent();
    }

    @Test
    void closingEndsTheThreadThatWaitsForItsTopic() throws InterruptedException {
        thread.start();
        assertThat(tail.awaitRead(Duration.ofMillis(300))).isFalse();

        tail.close();

        assertThat(thread.join(SOON)).isTrue();
    }

    @Test
    void anInterruptionEndsTheThread() throws InterruptedException {
        createTopic();
        start();

        thread.interrupt();

        assertThat(thread.join(SOON)).isTrue();
    }

    private void start() throws InterruptedException {
        thread.start();
        assertThat(tail.awaitRead(SOON)).as("read to the end").isTrue();
    }

    /// Waits until the tail has read all that was written so far.
    private void awaitPassed() throws InterruptedException {
        save("passed", 1, DISABLED);
        assertThat(tail.awaitRevision("passed", 1, SOON)).as("read past what was written").isTrue();
    }

    private void createTopic() {
        KAFKA.createTopic(topics.settings(), 1, Map.of("cleanup.policy", "compact"));
        KAFKA.createTopic(topics.settingsHistory(), 1, Map.of());
    }

    private void save(String profile, long revision, Settings settings) {
        write(profile, SettingsCodec.encode(new ProfileSettings(profile, revision, settings)));
    }

    private void write(String profile, byte @Nullable [] value) {
        KAFKA.send(new ProducerRecord<>(topics.settings(), profile.getBytes(UTF_8), value));
    }
}
