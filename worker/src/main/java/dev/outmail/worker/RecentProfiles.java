package dev.outmail.worker;

import java.time.Duration;
import java.util.function.LongSupplier;

/// Whether mail of more than one profile, or domain, came of late. It keeps the last one seen, and
/// the last of another name: names are the applications' choice, and there may be many. Guarded by
/// its monitor.
final class RecentProfiles {
    private static final Duration OF_LATE = Duration.ofMinutes(10);

    private final LongSupplier nanoTime;
    private String last = "";
    private String other = "";
    private long lastNanos;
    private long otherNanos;

    RecentProfiles(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    synchronized void saw(String profile) {
        long now = nanoTime.getAsLong();
        if (!profile.equals(last)) {
            other = last;
            otherNanos = lastNanos;
            last = profile;
        }
        lastNanos = now;
    }

    synchronized boolean hasSeveral() {
        return hasOthersThan(last);
    }

    synchronized boolean hasOthersThan(String profile) {
        boolean lastIs = !profile.equals(last);
        String name = lastIs ? last : other;
        long seen = lastIs ? lastNanos : otherNanos;
        return !name.isEmpty() && nanoTime.getAsLong() - seen < OF_LATE.toNanos();
    }
}
