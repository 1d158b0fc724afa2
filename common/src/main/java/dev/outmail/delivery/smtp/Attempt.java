package dev.outmail.delivery.smtp;

import org.jspecify.annotations.Nullable;

/// The time that one attempt has, counted from its lease, and the socket to close when it is over.
/// Guarded by itself.
final class Attempt {
    private final long deadlineNanos;
    private final String overdue;
    private @Nullable GuardedSocket socket;
    private boolean expired;

    Attempt(long deadlineNanos, String overdue) {
        this.deadlineNanos = deadlineNanos;
        this.overdue = overdue;
    }

    /// From now on this is what the attempt waits for.
    synchronized void guard(GuardedSocket current) {
        socket = current;
        closeIfExpired();
    }

    /// Ends the attempt if its time is up, or an answer's.
    synchronized void check(long nowNanos) {
        if (nowNanos - deadlineNanos >= 0) {
            expired = true;
            closeIfExpired();
        } else if (socket != null) {
            socket.closeIfOverdue(nowNanos);
        }
    }

    /// It ended in time: its socket may serve others now.
    synchronized void finish() {
        socket = null;
    }

    private void closeIfExpired() {
        if (expired && socket != null) {
            socket.closeBecause(overdue);
        }
    }
}
