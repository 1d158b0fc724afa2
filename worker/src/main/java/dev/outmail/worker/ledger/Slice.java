package dev.outmail.worker.ledger;

/// Entries of one span of time: open addressing with linear probing, three longs a cell. It is made
/// of stripes, each of which grows alone and by a quarter, so that there never are two copies of
/// more than a sixteenth of it.
final class Slice {
    private static final int LONGS = 3;
    private static final int STRIPE_BITS = 4;
    private static final int LEAST_CELLS = 4;

    /// Just after a stripe grew by a quarter, as it was three quarters full.
    private static final long MOST_BYTES_PER_ID = LONGS * Long.BYTES * 5 / 3;

    private static final long EMPTY_BYTES =
            ((long) LEAST_CELLS << STRIPE_BITS) * LONGS * Long.BYTES;

    private final long[][] stripes = new long[1 << STRIPE_BITS][];
    private final int[] used = new int[1 << STRIPE_BITS];
    private final long openedAtMillis;
    private int size;

    Slice(long openedAtMillis) {
        this.openedAtMillis = openedAtMillis;
        for (int stripe = 0; stripe < stripes.length; stripe++) {
            stripes[stripe] = new long[LEAST_CELLS * LONGS];
        }
    }

    long openedAtMillis() {
        return openedAtMillis;
    }

    int size() {
        return size;
    }

    /// What the arrays take.
    long bytes() {
        long longs = 0;
        for (var cells : stripes) {
            longs += cells.length;
        }
        return longs * Long.BYTES;
    }

    /// What the arrays take at most for so many ids.
    static long maxBytes(int ids) {
        return ids * MOST_BYTES_PER_ID + EMPTY_BYTES;
    }

    /// The entry, packed; 0 when there is none.
    long find(IdentityHash id) {
        var cells = stripes[stripe(id)];
        return cells[place(cells, id) + 2];
    }

    /// Puts an entry in the place of the one that may be there.
    void put(IdentityHash id, long packed) {
        int stripe = stripe(id);
        var cells = stripes[stripe];
        int place = place(cells, id);
        if (cells[place + 2] == 0) {
            if (isFull(stripe)) {
                cells = grown(cells);
                stripes[stripe] = cells;
                place = place(cells, id);
            }
            used[stripe]++;
            size++;
        }
        fill(cells, place, id.high(), id.low(), packed);
    }

    /// Takes an entry out; false when there is none.
    boolean remove(IdentityHash id) {
        int stripe = stripe(id);
        var cells = stripes[stripe];
        int place = place(cells, id);
        if (cells[place + 2] == 0) {
            return false;
        }
        close(cells, place);
        used[stripe]--;
        size--;
        return true;
    }

    private static int stripe(IdentityHash id) {
        return (int) (id.high() >>> (Long.SIZE - STRIPE_BITS));
    }

    /// At three quarters.
    private boolean isFull(int stripe) {
        int capacity = stripes[stripe].length / LONGS;
        return (used[stripe] + 1) * 4L > capacity * 3L;
    }

    /// Where the search for an id begins: the hash's share of the capacity, which need not be a
    /// power of two.
    private static int home(long[] cells, long low) {
        return (int) (((low >>> 32) * (cells.length / LONGS)) >>> 32) * LONGS;
    }

    /// The id's place, or the free one where it would be.
    private static int place(long[] cells, IdentityHash id) {
        int place = home(cells, id.low());
        while (cells[place + 2] != 0
                && (cells[place] != id.high() || cells[place + 1] != id.low())) {
            place = next(cells, place);
        }
        return place;
    }

    private static int next(long[] cells, int place) {
        int next = place + LONGS;
        return next == cells.length ? 0 : next;
    }

    private static long[] grown(long[] cells) {
        int capacity = cells.length / LONGS;
        var larger = new long[(capacity + capacity / 4 + 1) * LONGS];
        for (int from = 0; from < cells.length; from += LONGS) {
            if (cells[from + 2] != 0) {
                int to = home(larger, cells[from + 1]);
                while (larger[to + 2] != 0) {
                    to = next(larger, to);
                }
                fill(larger, to, cells[from], cells[from + 1], cells[from + 2]);
            }
        }
        return larger;
    }

    private static void fill(long[] cells, int place, long high, long low, long packed) {
        cells[place] = high;
        cells[place + 1] = low;
        cells[place + 2] = packed;
    }

    /// Frees a place and moves up those behind it that would not be found any more.
    private static void close(long[] cells, int place) {
        int free = place;
        for (int at = next(cells, free); cells[at + 2] != 0; at = next(cells, at)) {
            int home = home(cells, cells[at + 1]);
            boolean reachable =
                    free <= at ? (free < home && home <= at) : (free < home || home <= at);
            if (!reachable) {
                fill(cells, free, cells[at], cells[at + 1], cells[at + 2]);
                free = at;
            }
        }
        fill(cells, free, 0, 0, 0);
    }
}
