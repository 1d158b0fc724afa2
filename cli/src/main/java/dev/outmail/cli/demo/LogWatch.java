package dev.outmail.cli.demo;

import dev.outmail.config.Deployment;
import dev.outmail.mail.EventId;
import dev.outmail.wire.LogEntry;
import dev.outmail.wire.LogEntryCodec;
import dev.outmail.wire.OutcomeName;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/// Follows the mailing log and remembers what it says of each event. Used by one thread.
final class LogWatch implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final Consumer<byte[], byte[]> consumer;
    private final Map<EventId, Map<OutcomeName, Integer>> outcomes = new HashMap<>();

    LogWatch(Deployment deployment) {
        consumer = deployment.clients("demo").consumer("log", Map.of());
        var topic = deployment.topics().log();
        List<TopicPartition> partitions =
                consumer.partitionsFor(topic, TIMEOUT).stream()
                        .map(p -> new TopicPartition(topic, p.partition()))
                        .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /// Reads on, for so long at most.
    void read(Duration time) {
        for (var record : consumer.poll(time)) {
            LogEntryCodec.decode(record.value()).ifPresent(this::note);
        }
    }

    private void note(LogEntry entry) {
        var event = entry.event();
        if (event != null) {
            outcomes.computeIfAbsent(new EventId(event.source(), event.id()), id -> new HashMap<>())
                    .merge(entry.outcome(), 1, Integer::sum);
        }
    }

    /// How many of the events have exactly one entry, and that with this outcome.
    int with(OutcomeName outcome, Collection<EventId> events) {
        return (int)
                events.stream().filter(id -> Map.of(outcome, 1).equals(outcomes.get(id))).count();
    }

    /// How many of the events have an entry.
    int seen(Collection<EventId> events) {
        return (int) events.stream().filter(outcomes::containsKey).count();
    }

    @Override
    public void close() {
        consumer.close();
    }
}
