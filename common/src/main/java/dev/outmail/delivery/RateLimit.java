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
/// (one message, if that is more). It says how long to wait and never waits. Guarded by its monitor.
///
/// The bucket begins empty and keeps its level when the limit changes: a limit that is set anew
/// again and again gives away nothing.
final class RateLimit {
    private static final double BURST_SECONDS = 0.05;
    private static final double NANOS_PER_SECOND = 1e9;

    /// The finest that the bucket counts; and a limit so slow that nothing ever begins.
    private static final double SHORTEST_NANOS = 1;

    private static final double LONGEST_NANOS = 1e17;

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
        return bucket.tryConsumeAndReturnRemaining(1).getNanosToWaitForRefill();
    }

    private Bucket emptyBucket(double limit) {
        return Bucket.builder()
                .addLimit(bandwidth(limit))
                .withCustomTimePrecision(new Ticker(nanoTime))
                .withSynchronizationStrategy(SynchronizationStrategy.NONE)
                .build();
    }

    private static Bandwidth bandwidth(double limit) {
        double nanosPerMessage =
                Math.clamp(NANOS_PER_SECOND / limit, SHORTEST_NANOS, LONGEST_NANOS);
        return Bandwidth.builder()
                .capacity(Math.max(1, (long) (limit * BURST_SECONDS)))
                .refillGreedy(1, Duration.ofNanos((long) nanosPerMessage))
                .initialTokens(0)
                .build();
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
