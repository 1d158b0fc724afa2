package dev.outmail.worker.delay;

import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/// The records in memory, which wait or are on their way, within bounds. Owned by the line's
/// thread.
final class HeldRecords {
    private final int maxCount;
    private final long maxBytes;
    private final PriorityQueue<Waiting> waiting =
            new PriorityQueue<>(Comparator.comparingLong(Waiting::releaseMillis));
    private int count;
    private long bytes;

    HeldRecords(int maxCount, long maxBytes) {
        this.maxCount = maxCount;
        this.maxBytes = maxBytes;
    }

    /// Whether more records of a partition may come. One of which nothing is here gets its turn
    /// even if others have taken all places; no one may exceed the bytes.
    boolean hasRoomFor(DelayPartition partition) {
        return bytes < maxBytes && (count < maxCount || partition.isEmpty());
    }

    void take(Waiting one) {
        one.home().hold();
        count++;
        bytes += one.bytes();
        waiting.add(one);
    }

    /// The one to go first; it stays.
    @Nullable Waiting first() {
        return waiting.peek();
    }

    /// Sends the first on its way; it counts until it arrived.
    Waiting removeFirst() {
        return waiting.remove();
    }

    /// One that did not arrive waits again.
    void takeBack(Waiting one) {
        waiting.add(one);
    }

    /// One that was on its way is gone: it arrived, or it is nobody's business here any more.
    void forget(Waiting one) {
        one.home().letGo();
        count--;
        bytes -= one.bytes();
    }

    /// Drops what waits of partitions that ended.
    void dropEnded() {
        waiting.removeIf(one -> {
            boolean ended = one.home().ended();
            if (ended) {
                forget(one);
            }
            return ended;
        });
    }

    int count() {
        return count;
    }
}
