package dev.outmail.worker.ledger;

import java.util.ArrayDeque;

/// The entries within a window, in slices; the oldest is forgotten whole. An id is in one slice at
/// most: that of its last change. Its owner guards it.
final class LedgerTable {
    private final Window window;

    /// The newest first. Each was closed when the next newer one was opened.
    private final ArrayDeque<Slice> slices = new ArrayDeque<>();

    private long latestMillis;

    LedgerTable(Window window) {
        this.window = window;
    }

    int size() {
        return slices.stream().mapToInt(Slice::size).sum();
    }

    /// What it takes, but for some hundred bytes.
    long bytes() {
        return slices.stream().mapToLong(Slice::bytes).sum();
    }

    /// The latest time that was given; 0 before the first.
    long latestMillis() {
        return latestMillis;
    }

    /// The entry, packed; 0 when there is none.
    long find(IdentityHash id) {
        for (var slice : slices) {
            long packed = slice.find(id);
            if (packed != 0) {
                return packed;
            }
        }
        return 0;
    }

    /// Puts an entry in the place of the one that may be there.
    ///
    /// @param known whether there may be one; what is certainly new needs no search
    /// @param atMillis when it was made; time that runs backwards is taken to stand still
    /// @return whether older entries were forgotten
    boolean put(IdentityHash id, long packed, boolean known, long atMillis) {
        latestMillis = Math.max(latestMillis, atMillis);
        boolean forgotten = needsSlice() && openSlice();
        var newest = slices.getFirst();
        if (known && newest.find(id) == 0) {
            removeFromOlder(id);
        }
        newest.put(id, packed);
        return forgotten;
    }

    private void removeFromOlder(IdentityHash id) {
        for (var slice : slices) {
            if (slice.remove(id)) {
                return;
            }
        }
    }

    private boolean needsSlice() {
        var newest = slices.peekFirst();
        return newest == null
                || newest.size() >= window.sliceIds()
                || latestMillis - newest.openedAtMillis() >= window.sliceMillis();
    }

    private boolean openSlice() {
        boolean forgotten = false;
        while (!slices.isEmpty() && isOldestOver()) {
            slices.removeLast();
            forgotten = true;
        }
        slices.addFirst(new Slice(latestMillis));
        return forgotten;
    }

    /// Whether the oldest slice is too old, or a new one would be too much beside it.
    private boolean isOldestOver() {
        return slices.size() >= window.maxSlices()
                || size() + window.sliceIds() > window.maxIds()
                || bytes() + Slice.maxBytes(window.sliceIds()) > window.maxBytes()
                || latestMillis - closedAtMillis() >= window.spanMillis();
    }

    /// When the oldest slice was closed.
    private long closedAtMillis() {
        var oldest = slices.descendingIterator();
        oldest.next();
        return oldest.hasNext() ? oldest.next().openedAtMillis() : latestMillis;
    }
}
