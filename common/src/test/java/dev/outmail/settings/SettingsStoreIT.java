package dev.outmail.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

import dev.outmail.kafka.KafkaClients;
import dev.outmail.kafka.Topics;
import dev.outmail.settings.SettingsStore.Saved;
import dev.outmail.testkit.Await;
import dev.outmail.testkit.kafka.KafkaBroker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SettingsStoreIT {
    @RegisterExtension static final KafkaBroker KAFKA = new KafkaBroker();

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Connection DISABLED = new Connection.Disabled();
    private static final Connection NATIVE = new Connection.NativeMailer();

    private final Topics topics = new Topics(KAFKA.prefix());
    private final SettingsStore store = store();

    @BeforeEach
    void createTheTopic() {
        KAFKA.createTopic(topics.settings(), 1, Map.of("cleanup.policy", "compact"));
        KAFKA.createTopic(topics.settingsHistory(), 1, Map.of());
    }

    @Test
    void withoutASaveThereAreNoSettings() {
        assertThat(store.read()).isEqualTo(SettingsSnapshot.EMPTY);
    }

    @Test
    void theFirstSaveChangesWhatANewProfileStartsWith() {
        var saved = store.save("default", 0L, s -> s.withConnection(DISABLED));

        var settings = Settings.INITIAL.withConnection(DISABLED);
        var expected = new ProfileSettings("default", 1, settings);
        assertThat(saved).isEqualTo(new Saved.Ok(expected));
        awaitRead(expected);
    }

    @Test
    void eachSaveBuildsOnTheOneBefore() {
        store.update("default", s -> s.withConnection(DISABLED));
        store.update("default", s -> s.withUsersMayChoose(true));

        var saved = store.save("default", 2L, s -> s.withTiming(Timing.INSTANTLY));

        var expected =
                new ProfileSettings(
                        "default",
                        3,
                        Settings.INITIAL
                                .withConnection(DISABLED)
                                .withUsersMayChoose(true)
                                .withTiming(Timing.INSTANTLY));
        assertThat(saved).isEqualTo(new Saved.Ok(expected));
        awaitRead(expected);
    }

    @Test
    void profilesAreCountedEachByItself() {
        store.update("default", s -> s.withConnection(DISABLED));

        var saved = store.save("newsletter", 0L, s -> s.withConnection(NATIVE));

        assertThat(saved)
                .isEqualTo(
                        new Saved.Ok(
                                new ProfileSettings(
                                        "newsletter", 1, Settings.INITIAL.withConnection(NATIVE))));
    }

    @Test
    void aSaveThatIsBasedOnAnOldRevisionIsRefusedAndSaysWhatStands() {
        store.update("default", s -> s.withConnection(DISABLED));
        var second = store.update("default", s -> s.withUsersMayChoose(true));

        var stale = store.save("default", 1L, s -> s.withConnection(NATIVE));
        var notNew = store.save("default", 0L, s -> s.withConnection(NATIVE));

        var stands = ((Saved.Ok) second).settings();
        assertThat(stale).isEqualTo(new Saved.Conflict(stands));
        assertThat(notNew).isEqualTo(new Saved.Conflict(stands));
        awaitRead(stands);
    }

    @Test
    void aSaveThatIsBasedOnSettingsThatAreGoneIsRefused() {
        var saved = store.save("default", 5L, s -> s.withConnection(NATIVE));

        assertThat(saved).isEqualTo(new Saved.Conflict(null));
    }

    @Test
    void historyHasEveryRevisionWithWhoWhyAndWhatChanged() {
        var ada = new Authorship("ada", "the provider moved");
        store.save("default", null, ada, s -> s.withConnection(DISABLED));
        store.save("default", 7L, ada, s -> s.withConnection(NATIVE)); // refused
        store.save("default", 1L, new Authorship("bob", ""), s -> s.withUsersMayChoose(true));
        store.update("newsletter", s -> s);

        var history =
                Await.value(
                        SOON,
                        () -> Optional.of(store.history()).filter(all -> all.size() >= 3),
                        () -> "three revisions; there is " + store.history());

        assertThat(history)
                .extracting(r -> r.settings().profile(), Revision::number, Revision::author)
                .containsExactly(
                        tuple("default", 1L, ada),
                        tuple("default", 2L, new Authorship("bob", "")),
                        tuple("newsletter", 1L, Authorship.UNKNOWN));
        assertThat(history.get(0).changes())
                .contains(new FieldChange("connection.mode", null, "disabled"));
        assertThat(history.get(1).changes())
                .containsExactly(new FieldChange("usersMayChoose", "false", "true"));
        assertThat(history.get(1).settings().settings().connection()).isEqualTo(DISABLED);
    }

    @Test
    void aChangeThatCantBeMadeSavesNothing() {
        store.update("default", s -> s.withConnection(DISABLED));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> store.update("default", s -> s.withGiveUpAfter(Duration.ZERO)));

        var next = store.update("default", s -> s.withUsersMayChoose(true));
        assertThat(((Saved.Ok) next).settings().revision()).isEqualTo(2);
    }

    /// T13. Each save adds a second to one value, so that the value counts them: were one lost, it
    /// would be too small for the revision. A broker that fences a writer just as it commits may
    /// answer with an error that tells nothing; then the save may count or not.
    @Test
    void ofTwoWritersNoSaveIsLost() throws Exception {
        var ends = new ArrayList<Optional<Saved>>();
        try (var writers = Executors.newVirtualThreadPerTaskExecutor()) {
            var both = List.of(writers.submit(this::saveOften), writers.submit(this::saveOften));
            for (var one : both) {
                ends.addAll(one.get());
            }
        }

        var revisions =
                ends.stream()
                        .flatMap(Optional::stream)
                        .filter(Saved.Ok.class::isInstance)
                        .map(saved -> ((Saved.Ok) saved).settings().revision())
                        .toList();
        int unclear = (int) ends.stream().filter(Optional::isEmpty).count();
        assertThat(revisions).isNotEmpty().doesNotHaveDuplicates();
        var last = awaitRevision(Collections.max(revisions));
        assertThat(last.revision())
                .isBetween((long) revisions.size(), (long) revisions.size() + unclear);
        assertThat(last.settings().giveUpAfter())
                .isEqualTo(Settings.INITIAL.giveUpAfter().plusSeconds(last.revision()));
    }

    /// How each save ended; nothing where that is unclear.
    private List<Optional<Saved>> saveOften() {
        var store = store();
        var ends = new ArrayList<Optional<Saved>>();
        int saves = Boolean.getBoolean("outmail.test.faults") ? 500 : 15;
        for (int i = 0; i < saves; i++) {
            try {
                ends.add(
                        Optional.of(
                                store.update(
                                        "default",
                                        s -> s.withGiveUpAfter(s.giveUpAfter().plusSeconds(1)))));
            } catch (KafkaException e) {
                ends.add(Optional.empty());
            }
        }
        return ends;
    }

    private ProfileSettings awaitRevision(long revision) {
        return Await.value(
                SOON,
                () -> store.read().profile("default").filter(p -> p.revision() >= revision),
                () -> "revision " + revision + " is read; now there is " + store.read());
    }

    /// A commit may be acknowledged a moment before readers see it.
    private void awaitRead(ProfileSettings expected) {
        Await.until(
                SOON,
                () -> store.read().profile(expected.profile()).filter(expected::equals).isPresent(),
                () -> expected + " is read; now it is " + store.read());
    }

    private SettingsStore store() {
        var clients =
                new KafkaClients(Map.of("bootstrap.servers", KAFKA.bootstrapServers()), "test");
        return new SettingsStore(clients, topics);
    }
}
