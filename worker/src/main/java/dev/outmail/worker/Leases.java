package dev.outmail.worker;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// The partitions that are held, and the offsets to commit for them. Owned by the intake's thread.
final class Leases {
    private final Map<TopicPartition, Lease> held = new HashMap<>();

    Lease begin(Lease lease) {
        held.put(lease.partition(), lease);
        return lease;
    }

    @Nullable Lease of(TopicPartition partition) {
        return held.get(partition);
    }

    List<Lease> of(Collection<TopicPartition> partitions) {
        return partitions.stream().map(held::get).filter(Objects::nonNull).toList();
    }

    List<Lease> all() {
        return List.copyOf(held.values());
    }

    void forget(Collection<Lease> which) {
        which.forEach(lease -> held.remove(lease.partition()));
    }

    /// Those whose records may not be taken yet.
    List<TopicPartition> notReady() {
        return held.values().stream()
                .filter(lease -> !lease.isReady())
                .map(Lease::partition)
                .toList();
    }

    List<Integer> partitions() {
        return held.keySet().stream().map(TopicPartition::partition).sorted().toList();
    }

    int size() {
        return held.size();
    }

    /// Whether there is something to commit.
    boolean movedOn() {
        return held.values().stream().anyMatch(lease -> lease.progress().movedOn());
    }

    static Map<TopicPartition, OffsetAndMetadata> committable(Collection<Lease> which) {
        var offsets = new HashMap<TopicPartition, OffsetAndMetadata>();
        for (var lease : which) {
            if (lease.progress().movedOn()) {
                offsets.put(
                        lease.partition(), new OffsetAndMetadata(lease.progress().committable()));
            }
        }
        return offsets;
    }

    /// How far each of these is, committed or not.
    static Map<TopicPartition, OffsetAndMetadata> positions(Collection<Lease> which) {
        var offsets = new HashMap<TopicPartition, OffsetAndMetadata>();
        for (var lease : which) {
            if (lease.progress().next() >= 0) {
                offsets.put(
                        lease.partition(), new OffsetAndMetadata(lease.progress().committable()));
            }
        }
        return offsets;
    }

    void committed(Map<TopicPartition, OffsetAndMetadata> offsets) {
        offsets.forEach((partition, offset) -> {
            var lease = held.get(partition);
            if (lease != null) {
                lease.progress().committed(offset.offset());
            }
        });
    }
}
