package dev.outmail.settings;

import dev.outmail.kafka.CompactedTopic;
import dev.outmail.kafka.KafkaClients;
import dev.outmail.kafka.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.jspecify.annotations.Nullable;

/// Saves settings, checked. Kafka has no compare-and-set; a transactional producer with one fixed
/// transactional id gives it: whoever starts to save fences everyone who started before and has not
/// committed, so that what is read after that start can't change before the own commit.
public final class SettingsStore {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Duration A_MOMENT = Duration.ofMillis(100);

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

    /// Every revision that history has, of all profiles, in the order in which they were saved.
    public List<Revision> history() {
        var revisions = new ArrayList<Revision>();
        try (var consumer = clients.consumer("settings-history", BRIEF_FETCHES)) {
            new CompactedTopic(
                            consumer,
                            topics.settingsHistory(),
                            record -> revision(record).ifPresent(revisions::add))
                    .readToEnd(TIMEOUT);
        }
        return revisions;
    }

    private static Optional<Revision> revision(ConsumerRecord<byte[], byte[]> record) {
        if (record.key() == null || record.value() == null) {
            return Optional.empty();
        }
        var profile = new String(record.key(), StandardCharsets.UTF_8);
        var at = Instant.ofEpochMilli(record.timestamp());
        return RevisionCodec.decode(profile, record.value(), at);
    }

    /// Waits until what was saved can be read, which is a moment after it was saved, and says when
    /// that was, by the brokers' clock. Whoever reads the settings from then on has them.
    public Instant awaitReadable(ProfileSettings saved) {
        var at = new AtomicReference<@Nullable Instant>();
        try (var consumer = clients.consumer("settings-read", BRIEF_FETCHES)) {
            var topic =
                    new CompactedTopic(
                            consumer,
                            topics.settings(),
                            record -> {
                                if (isAtLeast(saved, record)) {
                                    at.compareAndSet(
                                            null, Instant.ofEpochMilli(record.timestamp()));
                                }
                            });
            topic.readToEnd(TIMEOUT);
            long polls = TIMEOUT.dividedBy(A_MOMENT);
            while (at.get() == null) {
                if (polls-- == 0) {
                    throw new TimeoutException("what was saved can't be read within " + TIMEOUT);
                }
                topic.poll(A_MOMENT);
            }
            return Objects.requireNonNull(at.get());
        }
    }

    private static boolean isAtLeast(ProfileSettings saved, ConsumerRecord<byte[], byte[]> record) {
        if (record.key() == null || record.value() == null) {
            return false;
        }
        var profile = new String(record.key(), StandardCharsets.UTF_8);
        return profile.equals(saved.profile())
                && SettingsCodec.decode(profile, record.value())
                        instanceof SettingsCodec.Decoded.Ok ok
                && ok.settings().revision() >= saved.revision();
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
        return save(profile, null, Authorship.UNKNOWN, change);
    }

    /// Saves without a word on who and why.
    public Saved save(String profile, @Nullable Long baseRevision, UnaryOperator<Settings> change) {
        return save(profile, baseRevision, Authorship.UNKNOWN, change);
    }

    /// Saves the profile's settings if they still are at the revision that the change is based on.
    ///
    /// @param baseRevision 0 for a profile that must not be there yet; null to change whatever is
    ///   there
    /// @throws KafkaException when Kafka did not say what became of it
    public Saved save(
            String profile,
            @Nullable Long baseRevision,
            Authorship author,
            UnaryOperator<Settings> change) {
        try (var producer =
                clients.producer("settings", Map.of("transactional.id", topics.settingsWriter()))) {
            producer.initTransactions();
            var current = read().profile(profile).orElse(null);
            long revision = current == null ? 0 : current.revision();
            if (baseRevision != null && baseRevision != revision) {
                return new Saved.Conflict(current);
            }
            var base = current == null ? Settings.INITIAL : current.settings();
            var changed = new ProfileSettings(profile, revision + 1, change.apply(base));
            var changes = SettingsDiff.between(current == null ? null : base, changed.settings());
            return commit(producer, changed, RevisionCodec.encode(changed, author, changes));
        } catch (KafkaException e) {
            if (isFenced(e)) {
                return new Saved.Conflict(read().profile(profile).orElse(null));
            }
            if (e instanceof TransactionalIdAuthorizationException) {
                throw new TransactionalIdAuthorizationException(
                        "Not authorized to use the transactional id " + topics.settingsWriter());
            }
            throw e;
        }
    }

    /// Both or neither: there are no settings that history does not know.
    private Saved commit(
            Producer<byte[], byte[]> producer, ProfileSettings settings, byte[] revision) {
        var key = settings.profile().getBytes(StandardCharsets.UTF_8);
        var value = SettingsCodec.encode(settings);
        try {
            producer.beginTransaction();
            var unused = producer.send(new ProducerRecord<>(topics.settings(), 0, key, value));
            unused =
                    producer.send(new ProducerRecord<>(topics.settingsHistory(), 0, key, revision));
            producer.commitTransaction();
            return new Saved.Ok(settings);
        } catch (KafkaException e) {
            if (isFenced(e)) {
                throw e;
            }
            throw causeOf(e, AuthorizationException.class)
                    .map(KafkaException.class::cast)
                    .orElseGet(() -> unclear(settings, e));
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
        return Stream.of(
                        ProducerFencedException.class,
                        InvalidProducerEpochException.class,
                        InvalidTxnStateException.class)
                .anyMatch(kind -> causeOf(failure, kind).isPresent());
    }

    /// The producer tells of a failed record by the record, by what is called next, or by the
    /// commit, each time wrapped once more.
    private static <T extends Throwable> Optional<T> causeOf(Throwable failure, Class<T> kind) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (kind.isInstance(cause)) {
                return Optional.of(kind.cast(cause));
            }
        }
        return Optional.empty();
    }
}
