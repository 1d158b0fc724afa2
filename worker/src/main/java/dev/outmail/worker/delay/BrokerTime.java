package dev.outmail.worker.delay;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.common.record.TimestampType;

/// What the brokers' clock shows, as far as their timestamps tell. It runs with the monotonic
/// clock: this machine's wall clock is asked once, at the start, and may jump after that as it
/// likes. What a broker says last is believed, so that a clock of a broker that jumped and came
/// back does no lasting harm. Safe for all threads.
public final class BrokerTime implements InstantSource {
    private final LongSupplier nanoTime;
    private final AtomicLong aheadNanos;
    private volatile boolean confirmed;

    public BrokerTime(InstantSource clock, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.aheadNanos = new AtomicLong(millisToNanos(clock.millis()) - nanoTime.getAsLong());
    }

    @Override
    public long millis() {
        return Math.floorDiv(nanoTime.getAsLong() + aheadNanos.get(), 1_000_000L);
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(millis());
    }

    /// Whether a broker said what time it is. Until then this is what our own clock said.
    boolean confirmed() {
        return confirmed;
    }

    /// A record is here: it is at least as late as when a broker appended it. A timestamp that is
    /// its producer's says nothing.
    public void saw(ConsumerRecord<?, ?> record) {
        if (record.timestampType() == TimestampType.LOG_APPEND_TIME) {
            long atLeast = millisToNanos(record.timestamp()) - nanoTime.getAsLong();
            if (atLeast > aheadNanos.get()) {
                aheadNanos.accumulateAndGet(atLeast, Math::max);
            }
        }
    }

    /// A broker acknowledged a record: it appended it after we sent it and before now.
    ///
    /// @param appendMillis the append time in the acknowledgement; negative where there is none
    /// @param sentNanos what the ticker showed before the record was sent
    public void appended(long appendMillis, long sentNanos) {
        if (appendMillis >= 0) {
            long earliest = millisToNanos(appendMillis) - nanoTime.getAsLong();
            long latest = millisToNanos(appendMillis) - sentNanos;
            aheadNanos.updateAndGet(
                    ahead -> Math.clamp(ahead, earliest, Math.max(earliest, latest)));
        }
        confirmed = true;
    }

    /// To be given to a producer with a record that is sent now.
    public Callback acknowledgement() {
        long sentNanos = nanoTime.getAsLong();
        return (metadata, failure) -> {
            if (failure == null && metadata.hasTimestamp()) {
                appended(metadata.timestamp(), sentNanos);
            }
        };
    }

    /// Good until 2262.
    private static long millisToNanos(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }
}
