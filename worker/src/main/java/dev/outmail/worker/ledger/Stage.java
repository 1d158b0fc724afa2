package dev.outmail.worker.ledger;

import org.jspecify.annotations.Nullable;

/// How far an attempt is. In the order in which an attempt may pass through them.
enum Stage {
    /// It is being made: from before its first final dot until its outcome is durable. Without
    /// anybody who is at it, it is in doubt.
    STARTED,
    /// It is over and the next one waits, in a delay topic or where its event is.
    WAITING,
    /// It is in doubt, and a person decides.
    HELD,
    /// It had a final outcome.
    SETTLED;

    /// Its number in the topic and in memory; numbers are never given away again.
    int code() {
        return switch (this) {
            case STARTED -> 0;
            case WAITING -> 1;
            case SETTLED -> 2;
            case HELD -> 3;
        };
    }

    /// The one with this number; null for a number that no stage has.
    static @Nullable Stage of(int code) {
        return switch (code) {
            case 0 -> STARTED;
            case 1 -> WAITING;
            case 2 -> SETTLED;
            case 3 -> HELD;
            default -> null;
        };
    }
}
