package dev.outmail.worker;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/// Until when Kafka certainly keeps this worker's partitions for it: a session time-out after a
/// commit that was accepted, counted from when it was sent, less a margin. Brokers take commits of
/// members only, and begin a member's session anew with each. A worker that was frozen or cut off
/// finds itself past it, by the monotonic clock, before it hears that it lost anything.
final class Membership {
    private static final int MARGIN = 10;

    private final Duration sure;
    private final LongSupplier nanoTime;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition proof = lock.newCondition();
    private volatile long sureUntilNanos;

    Membership(Duration sessionTimeout, LongSupplier nanoTime) {
        this.sure = sessionTimeout.minus(sessionTimeout.dividedBy(MARGIN));
        this.nanoTime = nanoTime;
        this.sureUntilNanos = nanoTime.getAsLong();
    }

    /// How often it is to be proven, so that one proof that fails does no harm.
    Duration renewal() {
        return sure.dividedBy(MARGIN);
    }

    boolean isSure() {
        return left() > 0;
    }

    private long left() {
        return sureUntilNanos - nanoTime.getAsLong();
    }

    /// A commit that was sent then was accepted.
    void proven(long sentAtNanos) {
        lock.lock();
        try {
            long until = sentAtNanos + sure.toNanos();
            if (until - sureUntilNanos > 0) {
                sureUntilNanos = until;
            }
            proof.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Partitions were given to others.
    void lost() {
        lock.lock();
        try {
            sureUntilNanos = nanoTime.getAsLong();
        } finally {
            lock.unlock();
        }
    }

    /// Waits until there is time enough left for most attempts, or for the time given.
    ///
    /// @return whether it is sure now
    boolean await(Duration patience) throws InterruptedException {
        if (left() > sure.toNanos() / 2) {
            return true;
        }
        long nanos = patience.toNanos();
        lock.lockInterruptibly();
        try {
            while (left() <= sure.toNanos() / 2 && nanos > 0) {
                nanos = proof.awaitNanos(nanos);
            }
            return isSure();
        } finally {
            lock.unlock();
        }
    }
}
