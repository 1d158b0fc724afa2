package dev.outmail.console.fleet;

import dev.outmail.kafka.KafkaClients;
import dev.outmail.kafka.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/// The events that no worker is done with. Of one thread.
final class Queue implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(300);

    /// Enough for the first record of each partition, however large.
    private static final Map<String, String> FIRST_RECORDS =
            Map.of(
                    "max.partition.fetch.bytes", "1024",
                    "max.poll.records", "1",
                    "fetch.max.wait.ms", "50");

    private final Topics topics;
    private final Admin admin;
    private final Consumer<byte[], byte[]> consumer;

    Queue(KafkaClients clients, Topics topics) {
        this.topics = topics;
        this.admin = clients.admin();
        this.consumer = clients.consumer("queue", FIRST_RECORDS);
    }

    /// @param events how many
    /// @param age of the oldest
    record Length(long events, Duration age) {}

    /// As it is now.
    Length length() throws InterruptedException, ExecutionException, TimeoutException {
        var partitions =
                consumer.partitionsFor(topics.events(), TIMEOUT).stream()
                        .map(info -> new TopicPartition(info.topic(), info.partition()))
                        .toList();
        // Asked of partitions that it does not have, a consumer warns of each.
        consumer.assign(partitions);
        consumer.pause(partitions);
        var ends = consumer.endOffsets(partitions, TIMEOUT);
        var committed =
                admin.listConsumerGroupOffsets(topics.workerGroup())
                        .partitionsToOffsetAndMetadata()
                        .get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        var beginnings = consumer.beginningOffsets(ends.keySet(), TIMEOUT);
        var starts = new HashMap<TopicPartition, Long>();
        long events = 0;
        for (var end : ends.entrySet()) {
            var done = committed.get(end.getKey());
            long start =
                    Math.max(
                            done == null ? 0 : done.offset(),
                            beginnings.getOrDefault(end.getKey(), 0L));
            if (start < end.getValue()) {
                events += end.getValue() - start;
                starts.put(end.getKey(), start);
            }
        }
        return new Length(events, age(starts));
    }

    private Duration age(Map<TopicPartition, Long> starts) {
        var age = Duration.ZERO;
        for (var start : starts.entrySet()) {
            var partition = List.of(start.getKey());
            consumer.resume(partition);
            consumer.seek(start.getKey(), start.getValue());
            for (var record : consumer.poll(POLL)) {
                var since = Duration.ofMillis(System.currentTimeMillis() - record.timestamp());
                age = since.compareTo(age) > 0 ? since : age;
            }
            consumer.pause(partition);
        }
        return age;
    }

    @Override
    public void close() {
        consumer.close();
        admin.close(Duration.ZERO);
    }
}
