package dev.outmail.worker.ledger;

import org.jspecify.annotations.Nullable;

/// What the ledger knows of one event: its highest attempt, how far that is, and the record of the
/// events topic for which it was made. It fits in a long.
///
/// @param attempt from 0, where none was counted yet; more than [#MAX_ATTEMPT] are that many
/// @param offset of the event's record, from 0 to [#MAX_OFFSET]
record LedgerEntry(Stage stage, int attempt, long offset) {
    static final int MAX_ATTEMPT = (1 << 16) - 1;
    static final long MAX_OFFSET = (1L << 45) - 1;

    private static final int ATTEMPT_SHIFT = 45;
    private static final int STAGE_SHIFT = 61;

    /// No entry is packed as 0.
    private static final long TAKEN = 1L << 63;

    LedgerEntry {
        if (attempt < 0) {
            throw new IllegalArgumentException("attempt " + attempt);
        }
        if (offset < 0 || offset > MAX_OFFSET) {
            throw new IllegalArgumentException("offset " + offset);
        }
        attempt = Math.min(attempt, MAX_ATTEMPT);
    }

    long packed() {
        return TAKEN
                | ((long) stage.code() << STAGE_SHIFT)
                | ((long) attempt << ATTEMPT_SHIFT)
                | offset;
    }

    /// The other way round; null for 0.
    static @Nullable LedgerEntry unpacked(long packed) {
        if (packed == 0) {
            return null;
        }
        var stage = Stage.of((int) (packed >>> STAGE_SHIFT) & 3);
        if (stage == null) {
            throw new IllegalStateException("two bits name four stages");
        }
        return new LedgerEntry(
                stage, (int) (packed >>> ATTEMPT_SHIFT) & MAX_ATTEMPT, packed & MAX_OFFSET);
    }

    /// Whether this, found later in the topic, is news after the other. It isn't where a worker
    /// that had lost the partition wrote it after its successor was further. An attempt that was
    /// not counted goes back to the one before.
    boolean supersedes(LedgerEntry known) {
        if (attempt != known.attempt) {
            return attempt > known.attempt || isTakenBack(known);
        }
        return stage.compareTo(known.stage) >= 0;
    }

    private boolean isTakenBack(LedgerEntry known) {
        return stage == Stage.WAITING
                && known.stage == Stage.STARTED
                && attempt == known.attempt - 1;
    }
}
