package dev.outmail.worker.delay;

import dev.outmail.kafka.DelayTier;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// The partitions that the line holds, and the offsets to commit for them. Owned by the line's
/// thread.
final class DelayPartitions {
    private final Map<TopicPartition, DelayPartition> held = new HashMap<>();

    DelayPartition begin(TopicPartition partition, DelayTier tier) {
        var home = new DelayPartition(partition, tier);
        held.put(partition, home);
        return home;
    }

    @Nullable DelayPartition of(TopicPartition partition) {
        return held.get(partition);
    }

    List<DelayPartition> of(Collection<TopicPartition> partitions) {
        return partitions.stream().map(held::get).filter(Objects::nonNull).toList();
    }

    List<DelayPartition> all() {
        return List.copyOf(held.values());
    }

    void forget(Collection<DelayPartition> which) {
        which.forEach(home -> held.remove(home.partition(), home));
    }

    int size() {
        return held.size();
    }

    static Map<TopicPartition, OffsetAndMetadata> committable(Collection<DelayPartition> which) {
        var offsets = new HashMap<TopicPartition, OffsetAndMetadata>();
        for (var home : which) {
            if (home.progress().movedOn()) {
                offsets.put(home.partition(), new OffsetAndMetadata(home.progress().committable()));
            }
        }
        return offsets;
    }

    void committed(Map<TopicPartition, OffsetAndMetadata> offsets) {
        offsets.forEach((partition, offset) -> {
            var home = held.get(partition);
            if (home != null) {
                home.progress().committed(offset.offset());
            }
        });
    }
}
