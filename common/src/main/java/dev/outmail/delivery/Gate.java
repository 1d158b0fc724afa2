package dev.outmail.delivery;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The way to one server's transport: so many messages at a time, in the order in which they came,
/// and so many a second. The others wait before it, where they have begun nothing yet. Where a
/// worker has so many places for all, no server's messages are let in to more than half of them,
/// unless it has as many connections, and a slow domain gets no more than half of what is let in.
///
/// Turnstile, domains and semaphore guard themselves, the rate is guarded by its lock.
final class Gate {
    /// Messages for each connection that wait for it in the transport, so that it is never idle.
    private static final int FOR_EACH_CONNECTION = 8;

    /// Where there is a rate, those that were let go and wait for a connection could all leave at
    /// once; so they are no more than are let go in this time.
    private static final double AHEAD_OF_RATE_SECONDS = 0.05;

    /// Before who was sent away comes again.
    private static final Duration A_WHILE = Duration.ofSeconds(1);

    private static final int NO_LIMIT = Integer.MAX_VALUE;

    private final LongSupplier nanoTime;
    private final int places;
    private final Turnstile turnstile;
    private final DomainShares domains;
    private final Semaphore firstForRate = new Semaphore(1, true);
    private final RateLimit rate;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition rateChanged = lock.newCondition();

    Gate(LongSupplier nanoTime) {
        this(nanoTime, NO_LIMIT);
    }

    /// @param places that there are for the messages of all servers
    Gate(LongSupplier nanoTime, int places) {
        this.nanoTime = nanoTime;
        this.places = places;
        this.domains = new DomainShares(nanoTime);
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
    /// @param stay null where domains don't matter
    record Pass(Gate gate, boolean waited, DomainShares.@Nullable Stay stay)
            implements Entry, AutoCloseable {
        Pass(Gate gate, boolean waited) {
            this(gate, waited, null);
        }

        @Override
        public void close() {
            if (stay != null) {
                gate.domains.end(stay);
            }
            gate.turnstile.release();
        }
    }

    /// There was no room in time.
    ///
    /// @param pause before it is worth while to come again
    record Full(String detail, Duration pause) implements Entry {
        Full(String detail) {
            this(detail, Duration.ZERO);
        }
    }

    /// One of its domains is slow, and has its share.
    record SlowDomain(String detail, Duration pause) implements Entry {}

    /// From now on so much.
    ///
    /// @param perSecond null for no limit
    void set(int connections, @Nullable Double perSecond) {
        int half = Math.max(connections, places / 2);
        int width = Math.min(width(connections, perSecond), half);
        turnstile.resize(width);
        domains.resize(Math.min(width, places));
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
    ///
    /// @param othersWait whether those that wait are in the way of others
    void sweep(boolean othersWait) {
        turnstile.sweep(othersWait);
    }

    /// How many wait for room.
    int waiting() {
        return turnstile.waiting();
    }

    /// Waits for room, then for the rate; not where one of the message's domains is slow and has
    /// its share.
    ///
    /// @param atMost the same for all
    Entry enter(Set<String> to, Duration atMost) throws InterruptedException {
        if (places == NO_LIMIT) {
            return enter(atMost);
        }
        if (domains.isUsedUp(to)) {
            return slowDomain();
        }
        var entry = enter(atMost);
        if (!(entry instanceof Pass pass)) {
            return entry;
        }
        if (pass.waited() && domains.isUsedUp(to)) {
            pass.close();
            return slowDomain();
        }
        return new Pass(this, pass.waited(), domains.begin(to));
    }

    private static SlowDomain slowDomain() {
        return new SlowDomain(
                "a domain of its recipients is slow, and has half of the room", A_WHILE);
    }

    /// Waits for room, then for the rate.
    ///
    /// @param atMost the same for all
    Entry enter(Duration atMost) throws InterruptedException {
        long deadline = nanoTime.getAsLong() + atMost.toNanos();
        boolean roomAtOnce = turnstile.enterAtOnce();
        if (!roomAtOnce && !turnstile.enter(atMost)) {
            return turnstile.isStuck()
                    ? new Full(
                            "hardly anything goes to the server: " + turnstile.numbers(), A_WHILE)
                    : new Full("no room within %s: %s".formatted(atMost, turnstile.numbers()));
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
