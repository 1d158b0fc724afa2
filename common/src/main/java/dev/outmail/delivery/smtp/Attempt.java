package dev.outmail.delivery.smtp;

import org.jspecify.annotations.Nullable;

/// The time that one attempt has, counted from when it got its connection or the right to open one,
/// and what to stop when it is over: the connection's thread and the socket. Guarded by itself.
final class Attempt {
    private final long deadlineNanos;
    private final String overdue;
    private @Nullable Thread thread;
    private @Nullable GuardedSocket socket;
    private boolean expired;
    private boolean brokenOff;

    Attempt(long deadlineNanos, String overdue) {
        this.deadlineNanos = deadlineNanos;
        this.overdue = overdue;
    }

    /// It is this thread's from now on, until it is finished.
    synchronized void begin() {
        thread = Thread.currentThread();
        stopIfOver();
    }

    /// From now on this is what the attempt waits for.
    synchronized void guard(GuardedSocket current) {
        socket = current;
        stopIfOver();
    }

    /// Ends the attempt if its time is up, or an answer's.
    synchronized void check(long nowNanos) {
        if (expired || brokenOff) {
            return;
        }
        if (nowNanos - deadlineNanos >= 0) {
            expired = true;
            stopIfOver();
        } else if (socket != null) {
            socket.closeIfOverdue(nowNanos);
        }
    }

    /// Ends the attempt, as nobody wants it any more; without effect on one that is finished.
    synchronized void breakOff() {
        brokenOff = true;
        stopIfOver();
    }

    synchronized boolean isBrokenOff() {
        return brokenOff;
    }

    private void stopIfOver() {
        if (!expired && !brokenOff) {
            return;
        }
        if (socket != null && expired) {
            socket.closeBecause(overdue);
        } else if (socket != null) {
            socket.closeQuietly();
        }
        if (thread != null) {
            thread.interrupt(); // which may wait for leave, or for a connection
        }
    }

    /// It ended, on its thread: thread and socket may serve others now.
    @SuppressWarnings("ResultOfMethodCallIgnored")
    synchronized void finish() {
        thread = null;
        socket = null;
        Thread.interrupted();
    }
}
