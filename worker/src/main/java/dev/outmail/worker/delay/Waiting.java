package dev.outmail.worker.delay;

import dev.outmail.wire.RetryHeader;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/// A record that waits in memory for the moment when it goes on.
///
/// @param releaseMillis when that is, by the brokers' clock
/// @param failures how many times in a row it could not be written
record Waiting(
        DelayPartition home,
        ConsumerRecord<byte[], byte[]> record,
        RetryHeader header,
        long releaseMillis,
        int failures) {
    /// Waiting so much longer is not worth another topic.
    private static final Duration LAST_STRETCH = Duration.ofSeconds(1);

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final int MOST_DOUBLINGS = 6;

    /// At the end of the topic's delay or when it is due, whichever is earlier; when it is due,
    /// too, if that is right after. A record without a header that says what it waits for waits for
    /// nothing.
    static Waiting of(DelayPartition home, ConsumerRecord<byte[], byte[]> record, long nowMillis) {
        var header = Delays.retryHeader(record);
        long release =
                header instanceof RetryHeader.Present present
                        ? release(home, record, present.state().due(), nowMillis)
                        : nowMillis;
        return new Waiting(home, record, header, release, 0);
    }

    /// A timestamp ahead of the brokers' clock is not a broker's.
    private static long release(
            DelayPartition home,
            ConsumerRecord<byte[], byte[]> record,
            @Nullable Instant due,
            long nowMillis) {
        long end = Math.min(record.timestamp(), nowMillis) + home.tier().delay().toMillis();
        return due == null || due.isAfter(Instant.ofEpochMilli(end).plus(LAST_STRETCH))
                ? end
                : due.toEpochMilli();
    }

    /// When its event is due; null for at once.
    @Nullable Instant due() {
        return header instanceof RetryHeader.Present present ? present.state().due() : null;
    }

    /// Where it goes back to: without a header, to the partition of the same number.
    int eventsPartition() {
        return header instanceof RetryHeader.Present present
                ? present.state().partition()
                : record.partition();
    }

    long bytes() {
        long bytes =
                (long) Math.max(0, record.serializedKeySize())
                        + Math.max(0, record.serializedValueSize());
        for (var one : record.headers()) {
            bytes += one.value() == null ? 0 : one.value().length;
        }
        return bytes;
    }

    /// The same after it could not be written: others go before it.
    Waiting failed(long nowMillis) {
        long pause = FIRST_PAUSE.toMillis() << Math.min(failures, MOST_DOUBLINGS);
        return new Waiting(home, record, header, nowMillis + pause, failures + 1);
    }
}
