package dev.outmail.producer;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// How long this machine kept a thread from running that was due, the longest time: nobody can
/// promise to be quicker than that.
final class Stalls implements AutoCloseable {
    private static final long NAP_NANOS = 1_000_000;

    private volatile long longestNanos;
    private volatile boolean closed;

    Stalls() {
        Thread.ofPlatform().name("stalls").daemon().start(this::watch);
    }

    private void watch() {
        while (!closed) {
            long before = System.nanoTime();
            LockSupport.parkNanos(NAP_NANOS);
            longestNanos = Math.max(longestNanos, System.nanoTime() - before - NAP_NANOS);
        }
    }

    Duration longest() {
        return Duration.ofNanos(longestNanos);
    }

    @Override
    public void close() {
        closed = true;
    }
}
