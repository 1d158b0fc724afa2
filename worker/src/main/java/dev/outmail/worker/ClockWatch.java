package dev.outmail.worker;

import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// Sees when the wall clock is set back, by the monotonic one. Run it every second: a clock that is
/// slewed stays within the tolerance from one look to the next.
final class ClockWatch implements Runnable {
    static final Duration INTERVAL = Duration.ofSeconds(1);

    private final InstantSource wall;
    private final LongSupplier nanoTime;
    private final Duration tolerance;
    private final Consumer<Duration> setBack;
    private Duration ahead;

    /// @param setBack told by how much, at each time
    ClockWatch(
            InstantSource wall,
            LongSupplier nanoTime,
            Duration tolerance,
            Consumer<Duration> setBack) {
        this.wall = wall;
        this.nanoTime = nanoTime;
        this.tolerance = tolerance;
        this.setBack = setBack;
        this.ahead = wallIsAhead();
    }

    @Override
    public void run() {
        var before = ahead;
        ahead = wallIsAhead();
        var by = before.minus(ahead);
        if (by.compareTo(tolerance) > 0) {
            setBack.accept(Duration.ofMillis(by.toMillis()));
        }
    }

    /// Of the monotonic clock, whose own beginning is anywhere.
    private Duration wallIsAhead() {
        return Duration.ofMillis(wall.millis()).minusNanos(nanoTime.getAsLong());
    }
}
