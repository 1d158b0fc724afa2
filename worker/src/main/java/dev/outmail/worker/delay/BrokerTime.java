package dev.outmail.worker.delay;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.record.TimestampType;

/// What the brokers' clock shows, as far as their timestamps tell. It runs with the monotonic
/// clock: this machine's wall clock is asked once, at the start, and may jump after that as it
/// likes. What a broker says last is believed, so that a clock of a broker that jumped and came
/// back does no lasting harm. Owned by one thread.
final class BrokerTime {
    private final LongSupplier nanoTime;
    private long aheadNanos;
    private boolean confirmed;

    BrokerTime(InstantSource clock, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.aheadNanos = millisToNanos(clock.millis()) - nanoTime.getAsLong();
    }

    /// Milliseconds since 1970.
    long millis() {
        return Math.floorDiv(nanos(), 1_000_000L);
    }

    Instant instant() {
        return Instant.ofEpochMilli(millis());
    }

    /// Whether a broker said what time it is. Until then this is what our own clock said.
    boolean confirmed() {
        return confirmed;
    }

    /// A record is here: it is at least as late as when a broker appended it. A timestamp that is
    /// its producer's says nothing.
    void saw(ConsumerRecord<?, ?> record) {
        if (record.timestampType() == TimestampType.LOG_APPEND_TIME) {
            aheadNanos += Math.max(0, millisToNanos(record.timestamp()) - nanos());
        }
    }

    /// A broker appended a record at this time, which was after we sent it and before now.
    void appended(long appendMillis, long sentNanos) {
        long since = nanoTime.getAsLong() - sentNanos;
        long earliest = millisToNanos(appendMillis);
        aheadNanos += Math.clamp(nanos(), earliest, earliest + Math.max(0, since)) - nanos();
        confirmed = true;
    }

    /// As [#appended] where brokers say no time.
    void appendedAtNoTime() {
        confirmed = true;
    }

    private long nanos() {
        return nanoTime.getAsLong() + aheadNanos;
    }

    /// Good until 2262.
    private static long millisToNanos(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }
}
