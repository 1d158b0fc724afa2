package dev.outmail.delivery;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The way to one server's transport: so many messages at a time, in the order in which they came,
/// and so many a second. The others wait before it, where they have begun nothing yet.
///
/// Turnstile and semaphore guard themselves, the rate is guarded by its lock.
final class Gate {
    /// Messages for each connection that wait for it in the transport, so that it is never idle.
    private static final int FOR_EACH_CONNECTION = 8;

    /// Where there is a rate, those that were let go and wait for a connection could all leave at
    /// once; so they are no more than are let go in this time.
    private static final double AHEAD_OF_RATE_SECONDS = 0.05;

    private final LongSupplier nanoTime;
    private final Turnstile turnstile;
    private final Semaphore firstForRate = new Semaphore(1, true);
    private final RateLimit rate;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition rateChanged = lock.newCondition();

    Gate(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.turnstile = new Turnstile(nanoTime);
        this.rate = new RateLimit(nanoTime);
    }

    /// A gate that keeps nobody waiting.
    static Gate open(LongSupplier nanoTime) {
        var gate = new Gate(nanoTime);
        gate.letAllThrough();
        return gate;
    }

    /// What came of waiting.
    sealed interface Entry {}

    /// The right to be in the transport, until closed.
    ///
    /// @param waited whether things may have changed meanwhile
    record Pass(Gate gate, boolean waited) implements Entry, AutoCloseable {
        @Override
        public void close() {
            gate.turnstile.release();
        }
    }

    /// There was no room in time.
    record Full(String detail) implements Entry {}

    /// From now on so much.
    ///
    /// @param perSecond null for no limit
    void set(int connections, @Nullable Double perSecond) {
        turnstile.resize(width(connections, perSecond));
        lock.lock();
        try {
            rate.set(perSecond);
            rateChanged.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private static int width(int connections, @Nullable Double perSecond) {
        int waiting = (FOR_EACH_CONNECTION - 1) * connections;
        return perSecond == null
                ? connections + waiting
                : connections + (int) Math.min(waiting, perSecond * AHEAD_OF_RATE_SECONDS);
    }

    /// Keeps nobody waiting from now on.
    void letAllThrough() {
        turnstile.resize(Integer.MAX_VALUE);
        lock.lock();
        try {
            rate.set(null);
            rateChanged.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Sends away who has waited for room too long; to be called now and then.
    void sweep() {
        turnstile.sweep();
    }

    /// Waits for room, then for the rate.
    ///
    /// @param atMost the same for all
    Entry enter(Duration atMost) throws InterruptedException {
        long deadline = nanoTime.getAsLong() + atMost.toNanos();
        boolean roomAtOnce = turnstile.enterAtOnce();
        if (!roomAtOnce && !turnstile.enter(atMost)) {
            return new Full("no room within %s: %s".formatted(atMost, turnstile.numbers()));
        }
        boolean entered = false;
        try {
            boolean waitedForRate = !rate.isUnlimited();
            entered = !waitedForRate || awaitRate(deadline - nanoTime.getAsLong());
            return entered
                    ? new Pass(this, !roomAtOnce || waitedForRate)
                    : new Full("not its turn within " + atMost + ", as messagesPerSecond says");
        } finally {
            if (!entered) {
                turnstile.release();
            }
        }
    }

    private boolean awaitRate(long nanos) throws InterruptedException {
        long deadline = nanoTime.getAsLong() + nanos;
        if (!firstForRate.tryAcquire(nanos, TimeUnit.NANOSECONDS)) {
            return false;
        }
        try {
            return awaitRateAsFirst(deadline - nanoTime.getAsLong());
        } finally {
            firstForRate.release();
        }
    }

    private boolean awaitRateAsFirst(long nanos) throws InterruptedException {
        long left = nanos;
        lock.lockInterruptibly();
        try {
            long wait = rate.nanosToWait();
            while (wait > 0 && left > 0) {
                long slice = Math.min(wait, left);
                left -= slice - rateChanged.awaitNanos(slice);
                wait = rate.nanosToWait();
            }
            return wait == 0;
        } finally {
            lock.unlock();
        }
    }
}
