package dev.outmail.delivery.smtp;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How many connections there may be, are at work, and are being opened. A server is approached
/// slowly: at first one connection is opened, then as many at a time as are at work; one at a time
/// again as soon as one broke; and none for a while after one could not be opened, unless there is
/// no other. Guarded by the pool's monitor.
final class Slots {
    private static final Duration HOLD_OFF = Duration.ofSeconds(5);

    private int size;
    private int taken;
    private int opening;
    private boolean trusted = true;
    private @Nullable SmtpTrouble refusal;
    private long refusedNanos;

    Slots(int size) {
        this.size = size;
    }

    void resize(int connections) {
        size = connections;
    }

    int size() {
        return size;
    }

    int taken() {
        return taken;
    }

    boolean isFree() {
        return taken < size;
    }

    /// Whether there are more than there may be.
    boolean isSurplus() {
        return taken > size;
    }

    private int working() {
        return taken - opening;
    }

    boolean mayOpen(long nowNanos) {
        return isFree() && opening < mostOpenings(working(), nowNanos);
    }

    /// Whether one may be opened in place of one that is in hand and broken.
    boolean mayReplace(long nowNanos) {
        return !isRefused(nowNanos) && opening < mostOpenings(working() - 1, nowNanos);
    }

    private int mostOpenings(int working, long nowNanos) {
        if (working == 0) {
            return 1;
        }
        if (isRefused(nowNanos)) {
            return 0;
        }
        return trusted ? working : 1;
    }

    /// @param toOpen whether its connection is to be opened
    void take(boolean toOpen) {
        taken++;
        if (toOpen) {
            opening++;
        }
    }

    void release() {
        taken--;
    }

    /// Another one is opened in place of one in hand.
    void replace() {
        opening++;
    }

    void opened() {
        opening--;
        trusted = true;
        refusal = null;
    }

    /// @param why null where the server had no part in it
    void notOpened(@Nullable SmtpTrouble why, long nowNanos) {
        opening--;
        if (why == null) {
            return;
        }
        trusted = false;
        refusal = why;
        refusedNanos = nowNanos;
    }

    /// A connection carried its message to the end.
    void worked() {
        trusted = true;
    }

    void broke() {
        trusted = false;
    }

    /// Why nobody need wait: the last one could not be opened, and no connection is left.
    @Nullable SmtpTrouble hopeless(long nowNanos) {
        return taken == 0 && isRefused(nowNanos) ? refusal : null;
    }

    private boolean isRefused(long nowNanos) {
        return refusal != null && nowNanos - refusedNanos < HOLD_OFF.toNanos();
    }
}
