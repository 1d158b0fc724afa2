package dev.outmail.delivery.smtp;

import java.time.Duration;

/// When not to tell a server of the next message with the end of one: not where it took long for
/// the one before, and not with the last one that it takes from a connection, as far as we know
/// from those that failed there. Guarded by the pool's monitor.
final class Caution {
    private static final Duration QUICKLY = Duration.ofSeconds(1);
    private static final Duration REMEMBERED = Duration.ofMinutes(10);

    private int failedAfter = Integer.MAX_VALUE;
    private long failedAtNanos;

    /// Whether the next message may be begun with the end of one.
    ///
    /// @param lastFinalDot how long the server took for the message before that one
    /// @param carried messages that the connection carried to their ends before that one
    boolean allows(Duration lastFinalDot, int carried, long nowNanos) {
        if (failedAfter != Integer.MAX_VALUE && nowNanos - failedAtNanos >= REMEMBERED.toNanos()) {
            failedAfter = Integer.MAX_VALUE;
        }
        return lastFinalDot.compareTo(QUICKLY) <= 0 && carried + 1 < failedAfter;
    }

    /// A message that was begun with the end of another found the connection useless.
    ///
    /// @param carried messages that the connection had carried to their ends
    void failed(int carried, long nowNanos) {
        failedAfter = Math.min(failedAfter, carried);
        failedAtNanos = nowNanos;
    }
}
