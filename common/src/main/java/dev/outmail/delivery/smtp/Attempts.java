package dev.outmail.delivery.smtp;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The attempts under way. Guarded by itself.
final class Attempts {
    private final Duration time;
    private final Set<Attempt> underWay = new HashSet<>();

    /// @param time that each has
    Attempts(Duration time) {
        this.time = time;
    }

    synchronized Attempt begin(long nowNanos) {
        Attempt attempt =
                new Attempt(nowNanos + time.toNanos(), "the attempt took more than " + time);
        underWay.add(attempt);
        return attempt;
    }

    synchronized void over(Attempt attempt) {
        underWay.remove(attempt);
    }

    /// Stops what is overdue.
    void check(long nowNanos) {
        List<Attempt> all;
        synchronized (this) {
            all = List.copyOf(underWay);
        }
        all.forEach(attempt -> attempt.check(nowNanos));
    }
}
