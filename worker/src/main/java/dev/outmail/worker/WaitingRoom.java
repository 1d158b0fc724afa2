package dev.outmail.worker;

import dev.outmail.delivery.Outcome;
import dev.outmail.delivery.RetryPolicy;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/// Where deliveries wait for their next attempt: for a time, or until the settings or a server
/// change. The wait ends at once when their lease does. All state is guarded by its lock.
final class WaitingRoom {
    /// Whether an event may wait on here is looked at again after so long.
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final RetryPolicy policy;
    private final int maxWaiting;
    private final IntSupplier elsewhere;
    private final LongSupplier nanoTime;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private long changes;
    private int waiting;
    private boolean crowded;
    private long crowdedSinceNanos;

    /// @param maxWaiting with so many it is crowded
    /// @param elsewhere how many wait at servers, which counts too
    WaitingRoom(RetryPolicy policy, int maxWaiting, IntSupplier elsewhere, LongSupplier nanoTime) {
        this.policy = policy;
        this.maxWaiting = maxWaiting;
        this.elsewhere = elsewhere;
        this.nanoTime = nanoTime;
    }

    /// For how long so many have been found to wait that others might not get through; zero if that
    /// is not so.
    Duration crowdedFor() {
        int atServers = elsewhere.getAsInt();
        lock.lock();
        try {
            boolean was = crowded;
            crowded = waiting + atServers >= maxWaiting;
            if (crowded && !was) {
                crowdedSinceNanos = nanoTime.getAsLong();
            }
            return crowded
                    ? Duration.ofNanos(Math.max(1, nanoTime.getAsLong() - crowdedSinceNanos))
                    : Duration.ZERO;
        } finally {
            lock.unlock();
        }
    }

    /// How many times something changed; to be asked before an attempt, so that no change between
    /// it and the wait is missed.
    long changes() {
        lock.lock();
        try {
            return changes;
        } finally {
            lock.unlock();
        }
    }

    /// Waits for the next attempt after an open outcome.
    ///
    /// @param times how many outcomes of this kind came in a row
    /// @param changesSeen what [#changes()] was before the attempt
    void awaitNextAttempt(Lease lease, Outcome.Open outcome, int times, long changesSeen)
            throws LeaseEnded, InterruptedException {
        var wait = policy.waitAfter(outcome, times, ThreadLocalRandom.current().nextDouble());
        var look = wait.compareTo(LONGEST) < 0 ? wait : LONGEST;
        await(lease, look, endsWhenSettingsChange(outcome), changesSeen);
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
        waiting++;
        try {
            while (!lease.ended() && nanos > 0 && !(endsOnChange && changes != changesSeen)) {
                nanos = news.awaitNanos(nanos);
            }
        } finally {
            waiting--;
            lock.unlock();
        }
        if (lease.ended()) {
            throw new LeaseEnded();
        }
    }

    /// The settings changed, or a server that could not work may work again.
    void changed() {
        lock.lock();
        try {
            changes++;
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
