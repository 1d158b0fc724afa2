package dev.outmail.worker.ledger;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/// The time of one partition's ledger. Entries age by Kafka's clock as far as records were read and
/// by the monotonic one from there on: a worker whose clock is set forgets nothing for that.
final class LedgerTime {
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final long baseMillis;
    private final long baseNanos;

    /// @param latestMillis of the records that were read; 0 where there were none
    LedgerTime(InstantSource clock, LongSupplier nanoTime, long latestMillis) {
        this.clock = clock;
        this.nanoTime = nanoTime;
        baseMillis = latestMillis;
        baseNanos = nanoTime.getAsLong();
    }

    Instant now() {
        return clock.instant();
    }

    /// On the scale on which the records' time stamps are.
    long ageMillis() {
        return baseMillis + (nanoTime.getAsLong() - baseNanos) / 1_000_000;
    }
}
