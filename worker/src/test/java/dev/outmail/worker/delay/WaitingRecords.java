package dev.outmail.worker.delay;

import dev.outmail.kafka.Headers;
import dev.outmail.wire.RetryState;
import dev.outmail.wire.RetryStateCodec;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/// Records for tests of what waits.
final class WaitingRecords {
    private WaitingRecords() {}

    static RetryState state(Instant acceptedAt, @Nullable Instant due, int partition) {
        return new RetryState(2, acceptedAt, due, partition, null, List.of());
    }

    static ConsumerRecord<byte[], byte[]> waiting(
            TopicPartition place, long offset, Instant appendedAt, @Nullable Instant due) {
        return record(
                place,
                offset,
                appendedAt,
                TimestampType.LOG_APPEND_TIME,
                RetryStateCodec.encode(state(appendedAt, due, place.partition())));
    }

    static ConsumerRecord<byte[], byte[]> record(
            TopicPartition place,
            long offset,
            Instant timestamp,
            TimestampType type,
            byte @Nullable [] header) {
        var headers = new RecordHeaders();
        headers.add("traceparent", utf8("00-1"));
        if (header != null) {
            headers.add(Headers.RETRY, header);
        }
        var key = utf8("key");
        var value = utf8("value-" + place.partition() + "-" + offset);
        return new ConsumerRecord<>(
                place.topic(),
                place.partition(),
                offset,
                timestamp.toEpochMilli(),
                type,
                key.length,
                value.length,
                key,
                value,
                headers,
                Optional.empty());
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
