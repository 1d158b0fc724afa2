package dev.outmail.settings;

import dev.outmail.kafka.KafkaClients;
import dev.outmail.kafka.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.jspecify.annotations.Nullable;

/// Saves settings, checked. Kafka has no compare-and-set; a transactional producer with one fixed
/// transactional id gives it: whoever starts to save fences everyone who started before and has not
/// committed, so that what is read after that start can't change before the own commit.
public final class SettingsStore {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    /// Closing a consumer waits for its last fetch, and that for records that nobody needs: half a
    /// second by default.
    private static final Map<String, String> BRIEF_FETCHES = Map.of("fetch.max.wait.ms", "10");

    private final KafkaClients clients;
    private final Topics topics;

    public SettingsStore(KafkaClients clients, Topics topics) {
        this.clients = clients;
        this.topics = topics;
    }

    /// What became of a save.
    public sealed interface Saved {
        /// It counts from now on.
        record Ok(ProfileSettings settings) implements Saved {}

        /// Another save came first.
        ///
        /// @param current what stands now; null where nothing does
        record Conflict(@Nullable ProfileSettings current) implements Saved {}
    }

    /// The settings as they stand.
    public SettingsSnapshot read() {
        try (var consumer = clients.consumer("settings-read", BRIEF_FETCHES)) {
            return SettingsTopic.read(consumer, topics.settings(), TIMEOUT);
        }
    }

    /// Changes the profile's settings, whatever they are now; a conflict only where another save
    /// overtakes this one.
    public Saved update(String profile, UnaryOperator<Settings> change) {
        return save(profile, null, change);
    }

    /// Saves the profile's settings if they still are at the revision that the change is based on.
    ///
    /// @param baseRevision 0 for a profile that must not be there yet; null to change whatever is
    ///   there
    /// @throws KafkaException when Kafka did not say what became of it
    public Saved save(String profile, @Nullable Long baseRevision, UnaryOperator<Settings> change) {
        try (var producer =
                clients.producer(
                        "settings",
                        Map.of("transactional.id", topics.prefix() + "settings-writer"))) {
            producer.initTransactions();
            var current = read().profile(profile).orElse(null);
            long revision = current == null ? 0 : current.revision();
            if (baseRevision != null && baseRevision != revision) {
                return new Saved.Conflict(current);
            }
            var base = current == null ? Settings.INITIAL : current.settings();
            return commit(producer, new ProfileSettings(profile, revision + 1, change.apply(base)));
        } catch (KafkaException e) {
            if (isFenced(e)) {
                return new Saved.Conflict(read().profile(profile).orElse(null));
            }
            throw e;
        }
    }

    private Saved commit(Producer<byte[], byte[]> producer, ProfileSettings settings) {
        try {
            producer.beginTransaction();
            var unused =
                    producer.send(
                            new ProducerRecord<>(
                                    topics.settings(),
                                    0,
                                    settings.profile().getBytes(StandardCharsets.UTF_8),
                                    SettingsCodec.encode(settings)));
            producer.commitTransaction();
            return new Saved.Ok(settings);
        } catch (KafkaException e) {
            throw isFenced(e) ? e : unclear(settings, e);
        }
    }

    private static KafkaException unclear(ProfileSettings settings, KafkaException cause) {
        return new KafkaException(
                "revision "
                        + settings.revision()
                        + " of the profile '"
                        + settings.profile()
                        + "' may have been saved or not; look at its settings before saving again",
                cause);
    }

    /// Whether another writer ended the transaction. The broker says so in several ways, depending
    /// on how far either had come.
    private static boolean isFenced(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ProducerFencedException
                    || cause instanceof InvalidProducerEpochException
                    || cause instanceof InvalidTxnStateException) {
                return true;
            }
        }
        return false;
    }
}
