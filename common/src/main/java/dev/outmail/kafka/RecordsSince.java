package dev.outmail.kafka;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/// The records of a topic from a moment on to what was its end when this was opened. For
/// one thread.
public final class RecordsSince implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(500);

    private final Consumer<byte[], byte[]> consumer;
    private final Map<TopicPartition, Long> starts;
    private final Map<TopicPartition, Long> ends;

    private RecordsSince(
            Consumer<byte[], byte[]> consumer,
            Map<TopicPartition, Long> starts,
            Map<TopicPartition, Long> ends) {
        this.consumer = consumer;
        this.starts = starts;
        this.ends = ends;
    }

    public static RecordsSince open(KafkaClients clients, String topic, Instant since) {
        var consumer = clients.consumer("since", Map.of());
        try {
            var partitions =
                    consumer.partitionsFor(topic, TIMEOUT).stream()
                            .map(info -> new TopicPartition(topic, info.partition()))
                            .toList();
            consumer.assign(partitions);
            var ends = consumer.endOffsets(partitions, TIMEOUT);
            return new RecordsSince(consumer, starts(consumer, partitions, ends, since), ends);
        } catch (RuntimeException e) {
            consumer.close();
            throw e;
        }
    }

    private static Map<TopicPartition, Long> starts(
            Consumer<byte[], byte[]> consumer,
            List<TopicPartition> partitions,
            Map<TopicPartition, Long> ends,
            Instant since) {
        var times = new HashMap<TopicPartition, Long>();
        partitions.forEach(partition -> times.put(partition, since.toEpochMilli()));
        var starts = new HashMap<>(ends);
        consumer.offsetsForTimes(times, TIMEOUT)
                .forEach((partition, found) -> {
                    if (found != null) {
                        starts.put(partition, found.offset());
                    }
                });
        return starts;
    }

    /// As far as it can be told before: no fewer.
    public long count() {
        return ends.entrySet().stream()
                .mapToLong(e -> e.getValue() - starts.getOrDefault(e.getKey(), e.getValue()))
                .sum();
    }

    public void forEach(java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> use) {
        starts.forEach(consumer::seek);
        while (ends.entrySet().stream()
                .anyMatch(e -> consumer.position(e.getKey(), TIMEOUT) < e.getValue())) {
            for (var record : consumer.poll(POLL)) {
                long end = ends.getOrDefault(partition(record), 0L);
                if (record.offset() < end) {
                    use.accept(record);
                }
            }
        }
    }

    private static TopicPartition partition(ConsumerRecord<byte[], byte[]> record) {
        return new TopicPartition(record.topic(), record.partition());
    }

    @Override
    public void close() {
        consumer.close();
    }
}
