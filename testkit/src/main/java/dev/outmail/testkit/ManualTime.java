package dev.outmail.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/// Time that passes when a test says so: a clock for dates, and a ticker for intervals.
///
/// Any thread may read or advance it.
public final class ManualTime implements InstantSource {
    private final AtomicReference<Instant> now;
    private final AtomicLong elapsedNanos = new AtomicLong();

    public ManualTime(Instant start) {
        this.now = new AtomicReference<>(start);
    }

    /// Starting at a date that has nothing special: 2026-01-15T12:00:00Z, a Thursday.
    public ManualTime() {
        this(Instant.parse("2026-01-15T12:00:00Z"));
    }

    @Override
    public Instant instant() {
        return now.get();
    }

    /// In the place of `System::nanoTime`.
    public LongSupplier ticker() {
        return elapsedNanos::get;
    }

    /// Lets time pass, for dates and intervals alike.
    public void advance(Duration by) {
        if (by.isNegative()) {
            throw new IllegalArgumentException("time does not run backwards: " + by);
        }
        now.updateAndGet(instant -> instant.plus(by));
        elapsedNanos.addAndGet(by.toNanos());
    }

    /// Sets the clock to another date, back or forth, as an administrator does; no time passes.
    public void setClock(Instant instant) {
        now.set(instant);
    }
}
