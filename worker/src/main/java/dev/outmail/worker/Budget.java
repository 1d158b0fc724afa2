package dev.outmail.worker;

/// What is in delivery at a time, by count and by bytes. Owned by the intake's thread.
final class Budget {
    private final int maxCount;
    private final long maxBytes;
    private int count;
    private long bytes;

    Budget(int maxCount, long maxBytes) {
        this.maxCount = maxCount;
        this.maxBytes = maxBytes;
    }

    /// Whether one more fits. One always fits into an empty budget, so that an event larger than
    /// all of it is delivered too.
    boolean fits(int recordBytes) {
        return count == 0 || (count < maxCount && bytes + recordBytes <= maxBytes);
    }

    void take(int recordBytes) {
        count++;
        bytes += recordBytes;
    }

    void giveBack(int recordBytes) {
        count--;
        bytes -= recordBytes;
    }

    int count() {
        return count;
    }

    long bytes() {
        return bytes;
    }
}
