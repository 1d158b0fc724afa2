package dev.outmail.worker.ledger;

import java.time.Instant;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/// What is remembered of a partition: the table, and of attempts that have started and not ended,
/// which are few, since when and with whom settled. These are remembered for longer than the table
/// remembers anything: workers may all be down for days, and whoever comes next must know what was
/// under way. Its owner guards it.
final class LedgerMemory {
    /// Far more than are ever under way; more would be left by something that goes wrong.
    static final int MAX_STARTS = 10_000;

    /// When an attempt, or the latest transaction of it, was begun, and who was settled by then.
    ///
    /// @param beginning which one it is; where two owners began the same attempt, neither's
    record Start(LedgerEntry entry, Instant at, Settled settled, long beginning) {}

    private final LedgerTable table;

    /// The longest unchanged first.
    private final LinkedHashMap<IdentityHash, Start> starts = new LinkedHashMap<>();

    LedgerMemory(Window window) {
        table = new LedgerTable(window);
    }

    int size() {
        return table.size();
    }

    long bytes() {
        return table.bytes();
    }

    /// The latest time that was given; 0 before the first.
    long latestMillis() {
        return table.latestMillis();
    }

    @Nullable LedgerEntry find(IdentityHash id) {
        var entry = LedgerEntry.unpacked(table.find(id));
        var start = entry == null ? starts.get(id) : null;
        return start == null ? entry : start.entry();
    }

    /// The beginning of an attempt that is not over, if that is known.
    @Nullable Start start(IdentityHash id) {
        return starts.get(id);
    }

    /// How many attempts are not over.
    int starts() {
        return starts.size();
    }

    /// Takes in a record of the topic, in its order.
    void replay(IdentityHash id, LedgerRecord record, long atMillis) {
        var known = find(id);
        if (known == null || (record.entry().supersedes(known) && !isOfAnother(id, record))) {
            put(id, record, known != null, Instant.ofEpochMilli(atMillis), atMillis);
        }
    }

    /// Whether it ends a beginning with a wait and means another: it came from a worker that had
    /// lost the partition, whose attempt left nothing. Its successor's may have.
    private boolean isOfAnother(IdentityHash id, LedgerRecord record) {
        var start = starts.get(id);
        return record.entry().stage() == Stage.WAITING
                && start != null
                && record.entry().attempt() <= start.entry().attempt()
                && record.beginning() != LedgerRecord.ANY
                && record.beginning() != start.beginning();
    }

    /// @param at when, by the clock
    /// @param atMillis the same on the scale by which entries age
    void put(IdentityHash id, LedgerRecord record, Instant at, long atMillis) {
        put(id, record, true, at, atMillis);
    }

    private void put(
            IdentityHash id, LedgerRecord record, boolean known, Instant at, long atMillis) {
        var before = starts.remove(id);
        if (record.entry().stage() == Stage.STARTED) {
            long beginning = beginning(before, record);
            starts.putLast(id, new Start(record.entry(), at, record.settled(), beginning));
            if (starts.size() > MAX_STARTS) {
                starts.pollFirstEntry();
            }
        }
        table.put(id, record.entry().packed(), known, atMillis);
    }

    private static long beginning(@Nullable Start before, LedgerRecord record) {
        if (before == null
                || before.entry().attempt() != record.entry().attempt()
                || before.beginning() == record.beginning()) {
            return record.beginning();
        }
        return ~(before.beginning() ^ record.beginning());
    }
}
