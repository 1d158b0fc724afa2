package dev.outmail.settings;

import dev.outmail.kafka.CompactedTopic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What records of the settings topic make of the settings known before. Pure, but for the log.
final class SettingsTopic {
    private static final Logger log = LoggerFactory.getLogger(SettingsTopic.class);

    private SettingsTopic() {}

    /// The settings in a topic now.
    ///
    /// @throws TimeoutException when its end was not reached in time
    static SettingsSnapshot read(
            Consumer<byte[], byte[]> consumer, String topic, Duration timeout) {
        var known = new AtomicReference<>(SettingsSnapshot.EMPTY);
        new CompactedTopic(
                        consumer, topic, change -> apply(known.get(), change).ifPresent(known::set))
                .readToEnd(timeout);
        return known.get();
    }

    /// The settings after a record; nothing where it is refused.
    static Optional<SettingsSnapshot> apply(
            SettingsSnapshot known, ConsumerRecord<byte[], byte[]> change) {
        if (change.key() == null) {
            log.atError()
                    .addKeyValue("offset", change.offset())
                    .log("A settings record without a profile as its key is ignored");
            return Optional.empty();
        }
        String profile = new String(change.key(), StandardCharsets.UTF_8);
        if (change.value() == null) {
            return Optional.of(known.without(profile));
        }
        return switch (SettingsCodec.decode(profile, change.value())) {
            case SettingsCodec.Decoded.Ok ok -> apply(known, ok.settings(), change.offset());
            case SettingsCodec.Decoded.Malformed malformed -> {
                log.atError()
                        .addKeyValue("offset", change.offset())
                        .addKeyValue("problems", malformed.problems())
                        .log(
                                "A malformed settings record is refused; the last known settings stay");
                yield Optional.empty();
            }
        };
    }

    private static Optional<SettingsSnapshot> apply(
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
            return Optional.empty();
        }
        return Optional.of(known.with(changed));
    }
}
