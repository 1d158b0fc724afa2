package dev.outmail.worker.progress;

import java.util.OptionalLong;
import java.util.TreeMap;

/// How far one partition is done, where records end in any order: the offset to commit is the
/// lowest unfinished one, never past it. Owned by the thread that reads it.
public final class PartitionProgress {
    /// When it was appended, by offset.
    private final TreeMap<Long, Long> unfinished = new TreeMap<>();

    private long next = -1;
    private long committed = -1;

    /// Notes a record that came in. Offsets come in ascending order.
    ///
    /// @param timestampMillis when it was appended
    public void begin(long offset, long timestampMillis) {
        if (hasSeen(offset)) {
            throw new IllegalArgumentException("offset " + offset + " after " + (next - 1));
        }
        unfinished.put(offset, timestampMillis);
        next = offset + 1;
    }

    /// Whether a record with this offset, or a later one, came in before.
    public boolean hasSeen(long offset) {
        return offset < next;
    }

    /// The offset after the last record that came in; -1 before the first.
    public long next() {
        return next;
    }

    /// Notes that all that is to be done for a record is done and durable.
    public void complete(long offset) {
        if (unfinished.remove(offset) == null) {
            throw new IllegalArgumentException("offset " + offset + " is not under way");
        }
    }

    /// The offset to commit: all before it are done. -1 before the first record.
    public long committable() {
        return unfinished.isEmpty() ? next : unfinished.firstKey();
    }

    /// How many came in and are not done.
    public int unfinished() {
        return unfinished.size();
    }

    /// When the first of these was appended.
    public OptionalLong oldestMillis() {
        return unfinished.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(unfinished.firstEntry().getValue());
    }

    /// Whether there is something to commit that was not committed.
    public boolean movedOn() {
        return committable() > committed;
    }

    public void committed(long offset) {
        committed = Math.max(committed, offset);
    }
}
