package dev.outmail.deadletters;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/// Reads ranges of one topic. Owned by one thread, as the consumer is.
final class LetterReader implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(500);

    private final org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer;
    private final List<TopicPartition> partitions;

    LetterReader(
            org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer, String topic) {
        this.consumer = consumer;
        try {
            this.partitions = partitions(topic);
        } catch (RuntimeException e) {
            consumer.close();
            throw e;
        }
    }

    private List<TopicPartition> partitions(String topic) {
        List<PartitionInfo> infos = consumer.partitionsFor(topic, TIMEOUT);
        if (infos == null || infos.isEmpty()) {
            throw new UnknownTopicOrPartitionException("there is no topic " + topic);
        }
        return infos.stream().map(i -> new TopicPartition(topic, i.partition())).toList();
    }

    Map<TopicPartition, Long> beginnings() {
        return consumer.beginningOffsets(partitions, TIMEOUT);
    }

    Map<TopicPartition, Long> ends() {
        return consumer.endOffsets(partitions, TIMEOUT);
    }

    /// Where the first record is that is not older; the end, where all are.
    Map<TopicPartition, Long> since(Instant moment) {
        var times = new HashMap<TopicPartition, Long>();
        partitions.forEach(partition -> times.put(partition, moment.toEpochMilli()));
        var starts = new HashMap<>(ends());
        consumer.offsetsForTimes(times, TIMEOUT)
                .forEach((partition, found) -> {
                    if (found != null) {
                        starts.put(partition, found.offset());
                    }
                });
        return starts;
    }

    /// Reads to what is the end now.
    void toEnd(Map<TopicPartition, Long> starts, Consumer<ConsumerRecord<byte[], byte[]>> use) {
        consumer.assign(starts.keySet());
        // Taken after the assignment: whoever was told of a record finds it.
        var ends = consumer.endOffsets(starts.keySet(), TIMEOUT);
        starts.forEach((partition, start) -> seek(partition, start, ends));
        until(
                () ->
                        ends.entrySet().stream()
                                .allMatch(e ->
                                        consumer.position(e.getKey(), TIMEOUT) >= e.getValue()),
                use);
    }

    /// A place beyond the end would be put back to the beginning.
    private void seek(TopicPartition partition, long start, Map<TopicPartition, Long> ends) {
        consumer.seek(partition, Math.min(start, ends.getOrDefault(partition, 0L)));
    }

    /// Reads from the first of these offsets to the last and passes on those that are there.
    void each(
            TopicPartition partition,
            NavigableSet<Long> offsets,
            Consumer<ConsumerRecord<byte[], byte[]>> use) {
        if (!partitions.contains(partition)) {
            return;
        }
        consumer.assign(List.of(partition));
        long end = consumer.endOffsets(List.of(partition), TIMEOUT).getOrDefault(partition, 0L);
        long stop = Math.min(end, offsets.last() + 1);
        consumer.seek(partition, Math.min(offsets.first(), end));
        until(
                () -> consumer.position(partition, TIMEOUT) >= stop,
                record -> {
                    if (offsets.contains(record.offset())) {
                        use.accept(record);
                    }
                });
    }

    private void until(BooleanSupplier done, Consumer<ConsumerRecord<byte[], byte[]>> use) {
        long idlePolls = TIMEOUT.dividedBy(POLL);
        while (!done.getAsBoolean()) {
            var records = consumer.poll(POLL);
            idlePolls = records.isEmpty() ? idlePolls - 1 : TIMEOUT.dividedBy(POLL);
            if (idlePolls == 0) {
                throw new TimeoutException(
                        "the dead letters could not be read to their end: nothing came for "
                                + TIMEOUT.toSeconds()
                                + " s");
            }
            records.forEach(use);
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
