package dev.outmail.worker;

import java.time.Duration;
import java.util.function.LongSupplier;

/// How long a mail that waits in its worker may hold its partition's offset. Whoever has the
/// partition next reads again what was settled behind it, and knows it from the ledger only as far
/// back as that remembers.
///
/// @param longest a small part of the ledger's window
/// @param mostBehind a small part of the ids that it remembers
record OffsetHold(Duration longest, int mostBehind, LongSupplier nanoTime) {
    private static final int PART = 8;

    static OffsetHold within(Duration window, int maxIds, LongSupplier nanoTime) {
        return new OffsetHold(window.dividedBy(PART), Math.max(1, maxIds / PART), nanoTime);
    }

    /// One record's.
    ///
    /// @param since by the monotonic clock
    /// @param endedBefore records of the partition that had ended by then
    record Hold(Lease lease, long since, long endedBefore) {}

    Hold begin(Lease lease) {
        return new Hold(lease, nanoTime.getAsLong(), lease.endedRecords());
    }

    /// Whether it has to let go. Where nothing else of its partition ends, nothing is read again.
    boolean isOver(Hold hold) {
        long ended = hold.lease().endedRecords() - hold.endedBefore();
        return ended >= mostBehind
                || (ended > 0 && nanoTime.getAsLong() - hold.since() >= longest.toNanos());
    }
}
