package dev.outmail.delivery;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.TokensInheritanceStrategy;
import io.github.bucket4j.local.SynchronizationStrategy;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// How many messages a second may begin, and so evenly that no second gets more than 5 % too many
/// (one message, if that is more). It says how long to wait and never waits. Guarded by its
/// monitor.
///
/// The bucket begins empty and keeps its level when the limit changes: a limit that is set anew
/// again and again gives away nothing.
final class RateLimit {
    private static final double BURST_SECONDS = 0.05;

    /// What the bucket counts are thousandths of messages, so that little is lost when the limit
    /// changes while one is on its way.
    private static final long PER_MESSAGE = 1_000;

    /// The most that the bucket can refill: a thousandth in a nanosecond.
    private static final double FASTEST = 1e6;

    private static final double SLOWEST = 1e-9;
    private static final double NANOS = 1e9;

    private final LongSupplier nanoTime;
    private @Nullable Double perSecond;
    private @Nullable Bucket bucket;

    RateLimit(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /// @param limit messages a second; 0 to let nothing begin, null for no limit
    synchronized void set(@Nullable Double limit) {
        if (limit == null || limit <= 0) {
            bucket = null;
        } else if (bucket == null) {
            bucket = emptyBucket(limit);
        } else if (!limit.equals(perSecond)) {
            bucket.replaceConfiguration(
                    BucketConfiguration.builder().addLimit(bandwidth(limit)).build(),
                    TokensInheritanceStrategy.AS_IS);
        }
        perSecond = limit;
    }

    synchronized boolean isUnlimited() {
        return perSecond == null;
    }

    /// Lets one message begin if it may: then it is 0, else the nanoseconds until it may.
    synchronized long nanosToWait() {
        if (perSecond == null) {
            return 0;
        }
        if (bucket == null) {
            return Long.MAX_VALUE;
        }
        return bucket.tryConsumeAndReturnRemaining(PER_MESSAGE).getNanosToWaitForRefill();
    }

    private Bucket emptyBucket(double limit) {
        return Bucket.builder()
                .addLimit(bandwidth(limit))
                .withCustomTimePrecision(new Ticker(nanoTime))
                .withSynchronizationStrategy(SynchronizationStrategy.NONE)
                .build();
    }

    private static Bandwidth bandwidth(double limit) {
        double perSecond = Math.clamp(limit, SLOWEST, FASTEST) * PER_MESSAGE;
        var ofCapacity =
                Bandwidth.builder()
                        .capacity(
                                PER_MESSAGE
                                        * Math.max(
                                                1,
                                                (long) (Math.min(limit, FASTEST) * BURST_SECONDS)));
        var refilled =
                perSecond >= PER_MESSAGE
                        ? ofCapacity.refillGreedy((long) perSecond, Duration.ofSeconds(1))
                        : ofCapacity.refillGreedy(1, Duration.ofNanos((long) (NANOS / perSecond)));
        return refilled.initialTokens(0).build();
    }

    private record Ticker(LongSupplier nanoTime) implements TimeMeter {
        @Override
        public long currentTimeNanos() {
            return nanoTime.getAsLong();
        }

        @Override
        public boolean isWallClockBased() {
            return false;
        }
    }
}
