package dev.outmail.kafka;

import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/// The one partition of a compacted topic, from its beginning on. Owned by the thread that owns the
/// consumer.
public final class CompactedTopic {
    private static final Duration POLL = Duration.ofMillis(100);

    private final Consumer<byte[], byte[]> consumer;
    private final TopicPartition partition;
    private final java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> records;

    /// @param records takes each record, in their order
    public CompactedTopic(
            Consumer<byte[], byte[]> consumer,
            String topic,
            java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> records) {
        this.consumer = consumer;
        this.partition = new TopicPartition(topic, 0);
        this.records = records;
    }

    /// Reads from the beginning to what is the end now.
    ///
    /// @throws TimeoutException when the end was not reached in time
    public void readToEnd(Duration timeout) {
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        // Taken after the assignment, and compared with the position: the last records may be
        // transaction markers.
        long end = consumer.endOffsets(List.of(partition), timeout).getOrDefault(partition, 0L);
        long polls = Math.max(1, timeout.dividedBy(POLL));
        while (consumer.position(partition, timeout) < end) {
            if (polls-- == 0) {
                throw new TimeoutException("not read to offset " + end + " within " + timeout);
            }
            poll(POLL);
        }
    }

    /// Takes in what came since, waiting for it a moment.
    public void poll(Duration timeout) {
        consumer.poll(timeout).forEach(records);
    }
}
