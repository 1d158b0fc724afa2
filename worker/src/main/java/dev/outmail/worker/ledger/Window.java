package dev.outmail.worker.ledger;

import java.time.Duration;

/// How much of the past is remembered: a span of time or a number of ids, whichever is less. It is
/// forgotten by the slice, of which a full span of time and a full number of ids have eight each.
record Window(Duration span, int maxIds) {
    /// What an id takes at most.
    static final int BYTES_PER_ID = 64;

    private static final int SLICES = 8;

    Window {
        if (span.toMillis() < SLICES || maxIds < SLICES) {
            throw new IllegalArgumentException(span + ", " + maxIds + " ids");
        }
    }

    long spanMillis() {
        return span.toMillis();
    }

    long sliceMillis() {
        return spanMillis() / SLICES;
    }

    int sliceIds() {
        return maxIds / SLICES;
    }

    /// Eight that are full, eight that are as old as they may become, and the newest.
    int maxSlices() {
        return 2 * SLICES + 1;
    }

    long maxBytes() {
        return (long) BYTES_PER_ID * maxIds;
    }
}
