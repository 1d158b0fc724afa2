package dev.outmail.delivery;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.CountDownLatch;
import java.util.function.LongSupplier;

/// A fair semaphore whose number of permits may change. Who waits does so without a timer, which
/// would cost more than all else where every message waits for a moment; who has waited too long is
/// told by [#sweep(boolean)].
///
/// While hardly anybody comes in, who waits is in the way of others who would go elsewhere: then
/// those are sent away who have waited for a second, and no more than a few wait. Guarded by
/// itself.
final class Turnstile {
    private static final long LONG_NANOS = Duration.ofSeconds(1).toNanos();
    private static final int A_FEW = 16;

    /// What part of the line must have come in since the last sweep.
    private static final int PART_OF_THE_LINE = 4;

    private final LongSupplier nanoTime;

    /// In the order in which they came, and so in that of their deadlines, as all wait equally
    /// long.
    private final ArrayDeque<Waiter> line = new ArrayDeque<>();

    private int width;
    private int free;
    private int admittedSinceSweep;
    private boolean stuck;

    private static final class Waiter {
        private final CountDownLatch called = new CountDownLatch(1);
        private final long sinceNanos;
        private final long deadlineNanos;
        private boolean admitted;

        private Waiter(long nowNanos, Duration atMost) {
            this.sinceNanos = nowNanos;
            this.deadlineNanos = nowNanos + atMost.toNanos();
        }

        private boolean isLong(long nowNanos) {
            return nowNanos - sinceNanos >= LONG_NANOS;
        }
    }

    Turnstile(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /// From now on so many may be in.
    synchronized void resize(int newWidth) {
        free += newWidth - width;
        width = newWidth;
        admit();
    }

    synchronized boolean enterAtOnce() {
        if (free <= 0 || !line.isEmpty()) {
            return false;
        }
        free--;
        stuck = false;
        return true;
    }

    /// Waits for its turn.
    ///
    /// @param atMost the same for all
    /// @return whether it came
    boolean enter(Duration atMost) throws InterruptedException {
        var waiter = new Waiter(nanoTime.getAsLong(), atMost);
        synchronized (this) {
            if (stuck && line.size() >= A_FEW) {
                return false;
            }
            line.addLast(waiter);
            admit();
        }
        try {
            waiter.called.await();
        } catch (InterruptedException e) {
            leave(waiter);
            throw e;
        }
        return isAdmitted(waiter);
    }

    private synchronized boolean isAdmitted(Waiter waiter) {
        return waiter.admitted;
    }

    private synchronized void leave(Waiter waiter) {
        if (waiter.admitted) {
            release();
        } else {
            line.remove(waiter);
        }
    }

    /// One less is in.
    synchronized void release() {
        free++;
        admit();
    }

    private void admit() {
        while (free > 0 && !line.isEmpty()) {
            var first = line.removeFirst();
            free--;
            first.admitted = true;
            admittedSinceSweep++;
            stuck &= first.isLong(nanoTime.getAsLong());
            first.called.countDown();
        }
    }

    /// Sends away who has waited for too long; to be called now and then.
    ///
    /// @param othersWait whether those that wait are in the way of others
    synchronized void sweep(boolean othersWait) {
        long now = nanoTime.getAsLong();
        stuck |=
                othersWait
                        && !line.isEmpty()
                        && line.getFirst().isLong(now)
                        && admittedSinceSweep < line.size() / PART_OF_THE_LINE;
        admittedSinceSweep = 0;
        while (!line.isEmpty() && hasWaitedEnough(line.getFirst(), now)) {
            line.removeFirst().called.countDown();
        }
    }

    private boolean hasWaitedEnough(Waiter waiter, long now) {
        return now - waiter.deadlineNanos >= 0 || (stuck && waiter.isLong(now));
    }

    /// How many wait.
    synchronized int waiting() {
        return line.size();
    }

    /// Whether hardly anybody comes in.
    synchronized boolean isStuck() {
        return stuck;
    }

    synchronized String numbers() {
        return "%d/%d/%d (total/free/waiting)".formatted(width, Math.max(0, free), line.size());
    }
}
