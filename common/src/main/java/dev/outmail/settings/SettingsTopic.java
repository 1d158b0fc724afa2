package dev.outmail.settings;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The settings as they were read so far from the one partition of the compacted topic. Owned by
/// the thread that owns the consumer.
final class SettingsTopic {
    private static final Logger log = LoggerFactory.getLogger(SettingsTopic.class);
    private static final Duration POLL = Duration.ofMillis(100);

    private final Consumer<byte[], byte[]> consumer;
    private final TopicPartition partition;
    private SettingsSnapshot snapshot = SettingsSnapshot.EMPTY;

    SettingsTopic(Consumer<byte[], byte[]> consumer, String topic) {
        this.consumer = consumer;
        this.partition = new TopicPartition(topic, 0);
    }

    /// Reads from the beginning to what is the end now.
    ///
    /// @throws TimeoutException when the end was not reached in time
    SettingsSnapshot readToEnd(Duration timeout) {
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        // Taken after the assignment, and compared with the position: the last records may be
        // transaction markers.
        long end = consumer.endOffsets(List.of(partition), timeout).getOrDefault(partition, 0L);
        long polls = Math.max(1, timeout.dividedBy(POLL));
        while (consumer.position(partition, timeout) < end) {
            if (polls-- == 0) {
                throw new TimeoutException("not read to offset " + end + " within " + timeout);
            }
            poll(POLL);
        }
        return snapshot;
    }

    /// Takes in what came since, waiting for it a moment.
    SettingsSnapshot poll(Duration timeout) {
        var changes = new ArrayList<ConsumerRecord<byte[], byte[]>>();
        consumer.poll(timeout).forEach(changes::add);
        for (var change : changes) {
            snapshot = apply(snapshot, change);
        }
        return snapshot;
    }

    private static SettingsSnapshot apply(
            SettingsSnapshot known, ConsumerRecord<byte[], byte[]> change) {
        if (change.key() == null) {
            log.atError()
                    .addKeyValue("offset", change.offset())
                    .log("A settings record without a profile as its key is ignored");
            return known;
        }
        String profile = new String(change.key(), StandardCharsets.UTF_8);
        if (change.value() == null) {
            return known.without(profile);
        }
        return switch (SettingsCodec.decode(profile, change.value())) {
            case SettingsCodec.Decoded.Ok ok -> apply(known, ok.settings(), change.offset());
            case SettingsCodec.Decoded.Malformed malformed -> {
                log.atError()
                        .addKeyValue("offset", change.offset())
                        .addKeyValue("problems", malformed.problems())
                        .log(
                                "A malformed settings record is refused; the last known settings stay");
                yield known;
            }
        };
    }

    private static SettingsSnapshot apply(
            SettingsSnapshot known, ProfileSettings changed, long offset) {
        long revision = known.profile(changed.profile()).map(ProfileSettings::revision).orElse(0L);
        if (changed.revision() <= revision) {
            log.atError()
                    .addKeyValue("offset", offset)
                    .addKeyValue("profile", changed.profile())
                    .addKeyValue("revision", changed.revision())
                    .addKeyValue("known", revision)
                    .log(
                            "A settings record that is not newer is refused; the last known settings stay");
            return known;
        }
        return known.with(changed);
    }
}
