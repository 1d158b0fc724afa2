package dev.outmail.worker.delay;

import dev.outmail.kafka.DelayTier;
import dev.outmail.kafka.Headers;
import dev.outmail.kafka.Topics;
import dev.outmail.wire.RetryHeader;
import dev.outmail.wire.RetryState;
import dev.outmail.wire.RetryStateCodec;
import java.time.Duration;
import java.time.Instant;
import java.util.function.ToIntFunction;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/// Makes the records by which an event goes to wait and comes back. All of the event stays as it
/// is, its headers too; only the retry header says anew what is left to do.
public final class Delays {
    private final Topics topics;
    private final ToIntFunction<String> partitions;

    /// @param partitions how many partitions a topic has; may ask Kafka
    public Delays(Topics topics, ToIntFunction<String> partitions) {
        this.topics = topics;
        this.partitions = partitions;
    }

    /// What a record's retry header says.
    public static RetryHeader retryHeader(ConsumerRecord<byte[], byte[]> record) {
        var header = record.headers().lastHeader(Headers.RETRY);
        return RetryStateCodec.decode(
                header == null ? null : header.value(), Instant.ofEpochMilli(record.timestamp()));
    }

    /// The record that puts an event off: to the delay topic of the longest time that is not longer
    /// than the wait, and to the partition there that is the event's.
    ///
    /// @param state what is left to do, with the time when it is due
    /// @throws org.apache.kafka.common.KafkaException when Kafka can't say what partitions there
    ///   are
    public ProducerRecord<byte[], byte[]> record(
            ConsumerRecord<byte[], byte[]> event, RetryState state, Duration wait) {
        var record = to(topics.delay(DelayTier.fitting(wait)), event, event.partition());
        event.headers()
                .forEach(header -> {
                    if (!header.key().equals(Headers.RETRY)) {
                        record.headers().add(header);
                    }
                });
        record.headers().add(Headers.RETRY, RetryStateCodec.encode(state));
        return record;
    }

    /// The record that sends what waits on waiting.
    ProducerRecord<byte[], byte[]> onward(ConsumerRecord<byte[], byte[]> waiting, Duration left) {
        var tier = DelayTier.fitting(left);
        return unchanged(to(topics.delay(tier), waiting, waiting.partition()), waiting);
    }

    /// The record that brings an event back to where it is delivered from.
    ProducerRecord<byte[], byte[]> back(ConsumerRecord<byte[], byte[]> waiting, int partition) {
        return unchanged(to(topics.events(), waiting, partition), waiting);
    }

    private static ProducerRecord<byte[], byte[]> unchanged(
            ProducerRecord<byte[], byte[]> record, ConsumerRecord<byte[], byte[]> waiting) {
        waiting.headers().forEach(record.headers()::add);
        return record;
    }

    /// Where there is no such partition the key decides; a producer would wait for one to come.
    private ProducerRecord<byte[], byte[]> to(
            String topic, ConsumerRecord<byte[], byte[]> event, int partition) {
        boolean exists = partition >= 0 && partition < partitions.applyAsInt(topic);
        return new ProducerRecord<>(topic, exists ? partition : null, event.key(), event.value());
    }
}
