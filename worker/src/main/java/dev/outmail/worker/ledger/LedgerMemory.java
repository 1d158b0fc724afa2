package dev.outmail.worker.ledger;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is remembered of a partition: the table, and of attempts that have started and not ended,
/// which are few, since when and with whom settled. Its owner guards it.
final class LedgerMemory {
    private static final Start UNKNOWN = new Start(Instant.EPOCH, Settled.NONE);

    /// When an attempt, or the latest transaction of it, was begun, and who was settled by then.
    record Start(Instant at, Settled settled) {}

    private final LedgerTable table;
    private final Map<IdentityHash, Start> starts = new HashMap<>();

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
        return LedgerEntry.unpacked(table.find(id));
    }

    /// The beginning of an attempt that is not over.
    Start start(IdentityHash id) {
        return starts.getOrDefault(id, UNKNOWN);
    }

    /// How many attempts are not over.
    int starts() {
        return starts.size();
    }

    /// Takes in a record of the topic, in its order.
    void replay(IdentityHash id, LedgerRecord record, long atMillis) {
        var known = find(id);
        if (known == null || record.entry().supersedes(known)) {
            put(id, record, known != null, Instant.ofEpochMilli(atMillis), atMillis);
        }
    }

    /// @param at when, by the clock
    /// @param atMillis the same on the scale by which entries age
    void put(IdentityHash id, LedgerRecord record, Instant at, long atMillis) {
        put(id, record, true, at, atMillis);
    }

    private void put(
            IdentityHash id, LedgerRecord record, boolean known, Instant at, long atMillis) {
        if (record.entry().stage() == Stage.STARTED) {
            starts.put(id, new Start(at, record.settled()));
        } else {
            starts.remove(id);
        }
        if (table.put(id, record.entry().packed(), known, atMillis)) {
            starts.keySet().removeIf(start -> table.find(start) == 0);
        }
    }
}
