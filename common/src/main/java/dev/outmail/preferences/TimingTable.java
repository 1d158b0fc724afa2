package dev.outmail.preferences;

import dev.outmail.settings.Timing;
import org.jspecify.annotations.Nullable;

/// Timings by hash, of which 63 bits count: open addressing with linear probing, one long a cell,
/// the timing in its lowest bit. It doubles at three quarters, and takes 11 to 22 bytes an entry.
/// Its owner guards it.
final class TimingTable {
    private static final int LEAST_CELLS = 16;
    private static final long INSTANTLY = 1;

    /// In place of the one hash that would look like a free cell.
    private static final long ZERO = 2;

    private long[] cells = new long[LEAST_CELLS];
    private int size;

    int size() {
        return size;
    }

    /// What the array takes.
    long bytes() {
        return (long) cells.length * Long.BYTES;
    }

    /// The timing; null when there is none.
    @Nullable Timing find(long hash) {
        long cell = cells[place(cells, key(hash))];
        if (cell == 0) {
            return null;
        }
        return (cell & INSTANTLY) == 0 ? Timing.IN_BACKGROUND : Timing.INSTANTLY;
    }

    /// Puts a timing in the place of the one that may be there.
    void put(long hash, Timing timing) {
        long key = key(hash);
        int place = place(cells, key);
        if (cells[place] == 0) {
            if ((size + 1) * 4L > cells.length * 3L) {
                cells = doubled(cells);
                place = place(cells, key);
            }
            size++;
        }
        cells[place] =
                switch (timing) {
                    case INSTANTLY -> key | INSTANTLY;
                    case IN_BACKGROUND -> key;
                };
    }

    /// Takes a timing out, if it is there.
    void remove(long hash) {
        int place = place(cells, key(hash));
        if (cells[place] != 0) {
            close(place);
            size--;
        }
    }

    private static long key(long hash) {
        long key = hash & ~INSTANTLY;
        return key == 0 ? ZERO : key;
    }

    /// Where the search begins: the hash's highest bits.
    private static int home(long[] cells, long key) {
        return (int) (key >>> (Long.SIZE - Integer.numberOfTrailingZeros(cells.length)));
    }

    /// The key's place, or the free one where it would be.
    private static int place(long[] cells, long key) {
        int place = home(cells, key);
        while (cells[place] != 0 && (cells[place] & ~INSTANTLY) != key) {
            place = next(cells, place);
        }
        return place;
    }

    private static int next(long[] cells, int place) {
        return (place + 1) & (cells.length - 1);
    }

    private static long[] doubled(long[] cells) {
        var larger = new long[cells.length * 2];
        for (long cell : cells) {
            if (cell != 0) {
                larger[place(larger, cell & ~INSTANTLY)] = cell;
            }
        }
        return larger;
    }

    /// Frees a place and moves up those behind it that would not be found any more.
    private void close(int place) {
        int free = place;
        for (int at = next(cells, free); cells[at] != 0; at = next(cells, at)) {
            int home = home(cells, cells[at]);
            boolean reachable =
                    free <= at ? (free < home && home <= at) : (free < home || home <= at);
            if (!reachable) {
                cells[free] = cells[at];
                free = at;
            }
        }
        cells[free] = 0;
    }
}
