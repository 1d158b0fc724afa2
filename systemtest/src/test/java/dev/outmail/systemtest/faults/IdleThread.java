package dev.outmail.systemtest.faults;

import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/// A thread that does nothing but sleep for five milliseconds at a time, and notes when it woke
/// much later: then the machine, or the collector of garbage, kept the threads of this JVM from
/// running. What took long meanwhile need not have been at fault.
final class IdleThread implements AutoCloseable {
    private static final long SLEEP_NANOS = 5_000_000;
    private static final long WORTH_NOTING_NANOS = 10_000_000;

    private record Lapse(long fromNanos, long toNanos) {
        long within(long from, long to) {
            return Math.max(0, Math.min(to, toNanos) - Math.max(from, fromNanos));
        }
    }

    private final ConcurrentLinkedQueue<Lapse> lapses = new ConcurrentLinkedQueue<>();
    private volatile boolean closing;

    IdleThread() {
        Thread.ofPlatform().name("idle").daemon().start(this::sleep);
    }

    private void sleep() {
        long due = System.nanoTime() + SLEEP_NANOS;
        while (!closing) {
            LockSupport.parkNanos(due - System.nanoTime());
            long now = System.nanoTime();
            if (now - due > WORTH_NOTING_NANOS) {
                lapses.add(new Lapse(due, now));
            }
            due = now + SLEEP_NANOS;
        }
    }

    /// How much of the time between these two it was kept from running.
    Duration keptFromRunning(long fromNanos, long toNanos) {
        return Duration.ofNanos(
                lapses.stream().mapToLong(lapse -> lapse.within(fromNanos, toNanos)).sum());
    }

    @Override
    public void close() {
        closing = true;
    }
}
