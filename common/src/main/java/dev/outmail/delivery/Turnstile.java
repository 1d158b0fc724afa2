package dev.outmail.delivery;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.CountDownLatch;
import java.util.function.LongSupplier;

/// A fair semaphore whose number of permits may change. Who waits does so without a timer, which
/// would cost more than all else where every message waits for a moment; who has waited too long is
/// told by [#sweep()]. Guarded by itself.
final class Turnstile {
    private final LongSupplier nanoTime;

    /// In the order in which they came, and so in that of their deadlines, as all wait equally
    /// long.
    private final ArrayDeque<Waiter> line = new ArrayDeque<>();

    private int width;
    private int free;

    private static final class Waiter {
        private final CountDownLatch called = new CountDownLatch(1);
        private final long deadlineNanos;
        private boolean admitted;

        private Waiter(long deadlineNanos) {
            this.deadlineNanos = deadlineNanos;
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
        return true;
    }

    /// Waits for its turn.
    ///
    /// @param atMost the same for all
    /// @return whether it came
    boolean enter(Duration atMost) throws InterruptedException {
        var waiter = new Waiter(nanoTime.getAsLong() + atMost.toNanos());
        synchronized (this) {
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
            first.called.countDown();
        }
    }

    /// Sends away who has waited for too long; to be called now and then.
    synchronized void sweep() {
        long now = nanoTime.getAsLong();
        while (!line.isEmpty() && now - line.getFirst().deadlineNanos >= 0) {
            line.removeFirst().called.countDown();
        }
    }

    synchronized String numbers() {
        return "%d/%d/%d (total/free/waiting)".formatted(width, Math.max(0, free), line.size());
    }
}
