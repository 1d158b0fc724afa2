package dev.outmail.console.log;

import dev.outmail.kafka.KafkaClients;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/// Single records by their places.
final class Records {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final int POLLS = 50;
    private static final Map<String, String> ONE =
            Map.of("max.poll.records", "1", "fetch.max.wait.ms", "10");

    private Records() {}

    /// The record there; empty where none is, or not any more.
    static Optional<ConsumerRecord<byte[], byte[]>> at(
            KafkaClients clients, String topic, int partition, long offset) {
        var place = new TopicPartition(topic, partition);
        try (var consumer = clients.consumer("record", ONE)) {
            boolean isThere =
                    consumer.partitionsFor(topic, TIMEOUT).stream()
                            .anyMatch(info -> info.partition() == partition);
            if (!isThere) {
                return Optional.empty();
            }
            consumer.assign(List.of(place));
            long end = consumer.endOffsets(List.of(place), TIMEOUT).getOrDefault(place, 0L);
            if (offset < 0 || offset >= end) {
                return Optional.empty();
            }
            consumer.seek(place, offset);
            for (int polls = 0; polls < POLLS; polls++) {
                for (var record : consumer.poll(POLL)) {
                    return Optional.of(record).filter(found -> found.offset() == offset);
                }
            }
            return Optional.empty();
        }
    }
}
