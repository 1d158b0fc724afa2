package dev.outmail.worker;

import dev.outmail.delivery.Outcome;
import dev.outmail.delivery.RetryPolicy;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Where deliveries wait for their next attempt: for a time, or until the settings change. The wait
/// ends at once when their lease does. All state is guarded by its lock.
final class WaitingRoom {
    private final RetryPolicy policy;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private long settingsChanges;

    WaitingRoom(RetryPolicy policy) {
        this.policy = policy;
    }

    /// How many times the settings changed; to be asked before an attempt, so that no change
    /// between it and the wait is missed.
    long settingsChanges() {
        lock.lock();
        try {
            return settingsChanges;
        } finally {
            lock.unlock();
        }
    }

    /// Waits for the next attempt after an open outcome.
    ///
    /// @param times how many outcomes of this kind came in a row
    /// @param changesSeen what [#settingsChanges()] was before the attempt
    void awaitNextAttempt(Lease lease, Outcome.Open outcome, int times, long changesSeen)
            throws LeaseEnded, InterruptedException {
        var wait = policy.waitAfter(outcome, times, ThreadLocalRandom.current().nextDouble());
        await(lease, wait, endsWhenSettingsChange(outcome), changesSeen);
    }

    private static boolean endsWhenSettingsChange(Outcome.Open outcome) {
        return switch (outcome) {
            case Outcome.Troubled _, Outcome.Paused _, Outcome.Held _ -> true;
            case Outcome.Deferred _, Outcome.InDoubt _, Outcome.NotYet _ -> false;
        };
    }

    void await(Lease lease, Duration wait) throws LeaseEnded, InterruptedException {
        await(lease, wait, false, 0);
    }

    private void await(Lease lease, Duration wait, boolean endsOnChange, long changesSeen)
            throws LeaseEnded, InterruptedException {
        long nanos = wait.toNanos();
        lock.lockInterruptibly();
        try {
            while (!lease.ended()
                    && nanos > 0
                    && !(endsOnChange && settingsChanges != changesSeen)) {
                nanos = news.awaitNanos(nanos);
            }
        } finally {
            lock.unlock();
        }
        if (lease.ended()) {
            throw new LeaseEnded();
        }
    }

    void settingsChanged() {
        lock.lock();
        try {
            settingsChanges++;
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// To be called after leases ended.
    void leasesEnded() {
        lock.lock();
        try {
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
