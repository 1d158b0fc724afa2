package dev.outmail.systemtest.faults;

import dev.outmail.wire.LogEntry;
import dev.outmail.wire.LogEntryCodec;
import dev.outmail.wire.OutcomeName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// Reads the mailing log as it grows. Its thread owns the consumer.
final class LogTail implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);

    /// Why an event is held that is not held for good.
    private static final Set<String> WAITS_FOR_SETTINGS =
            Set.of("no-settings", "unknown-profile", "no-sender");

    private final Map<String, List<Line>> byId = new ConcurrentHashMap<>();
    private final List<LogEntry> withoutEvent = new CopyOnWriteArrayList<>();
    private final Set<String> ended = ConcurrentHashMap.newKeySet();
    private final Map<TopicPartition, Long> positions = new ConcurrentHashMap<>();
    private final Thread thread;
    private volatile boolean closing;

    /// An entry about an event, as far as the oracle looks at it.
    ///
    /// @param delivered whether a recipient was accepted
    record Line(
            Instant at,
            OutcomeName outcome,
            String reason,
            String detail,
            int attempt,
            String worker,
            boolean delivered) {

        boolean isFinal() {
            return switch (outcome) {
                case SENT, SILENCED, DROPPED, REJECTED, EXPIRED, MALFORMED -> true;
                case HELD -> !WAITS_FOR_SETTINGS.contains(reason);
                case DEFERRED, IN_DOUBT, DUPLICATE -> false;
            };
        }
    }

    LogTail(String bootstrapServers, String topic, int partitions) {
        thread =
                Thread.ofPlatform()
                        .name("log-tail")
                        .start(() -> follow(bootstrapServers, topic, partitions));
    }

    /// The entries about an event so far.
    List<Line> of(String id) {
        return List.copyOf(byId.getOrDefault(id, List.of()));
    }

    Set<String> ids() {
        return byId.keySet();
    }

    /// Whether an event has a final outcome.
    boolean hasEnded(String id) {
        return ended.contains(id);
    }

    int ended() {
        return ended.size();
    }

    /// Entries about records that were no events.
    List<LogEntry> withoutEvent() {
        return withoutEvent;
    }

    /// How many entries of this outcome there are.
    long count(OutcomeName outcome) {
        return count(line -> line.outcome() == outcome);
    }

    /// How many entries are so.
    long count(Predicate<Line> which) {
        return byId.values().stream()
                .flatMap(lines -> List.copyOf(lines).stream())
                .filter(which)
                .count();
    }

    /// The shortest time from when a mail was first put off to its next attempt.
    Duration earliestRetry() {
        return byId.values().stream()
                .filter(lines -> lines.size() > 1)
                .filter(lines -> lines.getFirst().outcome() == OutcomeName.DEFERRED)
                .filter(lines -> lines.get(1).attempt() > lines.getFirst().attempt())
                .map(lines -> Duration.between(lines.getFirst().at(), lines.get(1).at()))
                .min(Duration::compareTo)
                .orElseThrow();
    }

    /// Whether it has read as far as this in each partition.
    boolean hasRead(Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream()
                .allMatch(end -> positions.getOrDefault(end.getKey(), 0L) >= end.getValue());
    }

    private void follow(String bootstrapServers, String topic, int partitions) {
        Map<String, Object> config =
                Map.of(
                        "bootstrap.servers",
                        bootstrapServers,
                        "isolation.level",
                        "read_committed",
                        "auto.offset.reset",
                        "earliest");
        try (Consumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            var all = new ArrayList<TopicPartition>();
            for (int partition = 0; partition < partitions; partition++) {
                all.add(new TopicPartition(topic, partition));
            }
            consumer.assign(all);
            consumer.seekToBeginning(all);
            while (!closing) {
                consumer.poll(POLL).forEach(this::read);
                all.forEach(one -> positions.put(one, consumer.position(one)));
            }
        }
    }

    private void read(ConsumerRecord<byte[], byte[]> record) {
        var entry = LogEntryCodec.decode(record.value()).orElseThrow();
        var event = entry.event();
        if (event == null) {
            withoutEvent.add(entry);
            return;
        }
        var line =
                new Line(
                        entry.at(),
                        entry.outcome(),
                        entry.reason(),
                        entry.detail(),
                        entry.attempt(),
                        entry.worker(),
                        entry.recipients().stream()
                                .anyMatch(recipient -> recipient.verdict().equals("accepted")));
        byId.computeIfAbsent(event.id(), id -> new CopyOnWriteArrayList<>()).add(line);
        if (line.isFinal()) {
            ended.add(event.id());
        }
    }

    @Override
    public void close() {
        closing = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
