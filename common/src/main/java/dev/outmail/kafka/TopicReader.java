package dev.outmail.kafka;

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

/// Reads ranges of one topic, from somewhere to what is its end now. Owned by one thread, as the
/// consumer is.
public final class TopicReader implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(500);

    private final org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer;
    private final String topic;
    private final List<TopicPartition> partitions;

    /// @param consumer closed by this
    /// @throws UnknownTopicOrPartitionException where there is no such topic
    public TopicReader(
            org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer, String topic) {
        this.consumer = consumer;
        this.topic = topic;
        try {
            this.partitions = partitions();
        } catch (RuntimeException e) {
            consumer.close();
            throw e;
        }
    }

    private List<TopicPartition> partitions() {
        List<PartitionInfo> infos = consumer.partitionsFor(topic, TIMEOUT);
        if (infos == null || infos.isEmpty()) {
            throw new UnknownTopicOrPartitionException("there is no topic " + topic);
        }
        return infos.stream().map(i -> new TopicPartition(topic, i.partition())).toList();
    }

    public Map<TopicPartition, Long> beginnings() {
        return consumer.beginningOffsets(partitions, TIMEOUT);
    }

    public Map<TopicPartition, Long> ends() {
        return consumer.endOffsets(partitions, TIMEOUT);
    }

    /// Where the first record is that is not older; the end, where all are.
    public Map<TopicPartition, Long> since(Instant moment) {
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
    public void toEnd(
            Map<TopicPartition, Long> starts, Consumer<ConsumerRecord<byte[], byte[]>> use) {
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
    public void each(
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
                        "the topic "
                                + topic
                                + " could not be read to its end: nothing came for "
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
