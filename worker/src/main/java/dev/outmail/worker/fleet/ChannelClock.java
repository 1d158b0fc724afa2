package dev.outmail.worker.fleet;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The broker's clock as far as it is known here: our own until the broker stamped a record of ours,
/// and never behind a record that was read. Guarded by its monitor.
final class ChannelClock {
    private final InstantSource ours;
    private final LongSupplier nanoTime;
    private @Nullable Instant known;
    private long knownAtNanos;

    ChannelClock(InstantSource ours, LongSupplier nanoTime) {
        this.ours = ours;
        this.nanoTime = nanoTime;
    }

    synchronized Instant now() {
        return known == null
                ? ours.instant()
                : known.plus(Duration.ofNanos(nanoTime.getAsLong() - knownAtNanos));
    }

    /// A record was read: it is at least that late.
    synchronized void read(Instant stamped) {
        if (stamped.isAfter(now())) {
            set(stamped);
        }
    }

    /// A record of ours was stamped a moment ago.
    synchronized void acknowledged(Instant stamped) {
        set(stamped);
    }

    private void set(Instant now) {
        known = now;
        knownAtNanos = nanoTime.getAsLong();
    }
}
