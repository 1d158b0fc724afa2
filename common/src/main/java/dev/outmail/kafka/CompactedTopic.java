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

    /// Reads from the beginning to what is the end now, however long that takes as long as there is
    /// progress.
    ///
    /// @param timeout for Kafka's answers, and how long nothing may come
    /// @throws TimeoutException when nothing came in that time
    public void readToEnd(Duration timeout) {
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        // Taken after the assignment, and compared with the position: the last records may be
        // transaction markers.
        long end = consumer.endOffsets(List.of(partition), timeout).getOrDefault(partition, 0L);
        long patience = Math.max(1, timeout.dividedBy(POLL));
        long polls = patience;
        long position = consumer.position(partition, timeout);
        while (position < end) {
            if (polls-- == 0) {
                throw new TimeoutException(
                        "no progress from offset " + position + " to " + end + " in " + timeout);
            }
            poll(POLL);
            long before = position;
            position = consumer.position(partition, timeout);
            polls = position > before ? patience : polls;
        }
    }

    /// Takes in what came since, waiting for it a moment.
    public void poll(Duration timeout) {
        consumer.poll(timeout).forEach(records);
    }
}
