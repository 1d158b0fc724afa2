package dev.outmail.worker.ledger;

import dev.outmail.mail.EventId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// The ledger of one partition, for as long as this worker holds it. Safe for all threads: memory
/// and the permits that are open are guarded by this object, which nobody holds while he waits.
public final class PartitionLedger {
    private final int partition;
    private final LedgerMemory memory;
    private final LedgerWriter writer;
    private final LedgerTime time;
    private final Map<IdentityHash, Permit> open = new HashMap<>();

    /// What is begun by this owner.
    private final long beginning;

    /// @param memory restored, from here on this ledger's own
    PartitionLedger(int partition, LedgerMemory memory, LedgerWriter writer, LedgerTime time) {
        this.partition = partition;
        this.memory = memory;
        this.writer = writer;
        this.time = time;
        this.beginning = ThreadLocalRandom.current().nextLong();
    }

    public int partition() {
        return partition;
    }

    /// Events remembered.
    public synchronized int size() {
        return memory.size();
    }

    /// What memory takes for them, but for the few that are being attempted.
    public synchronized long bytes() {
        return memory.bytes();
    }

    /// Asks whether a record may be delivered. When it may, or when it is in doubt, the permit is
    /// to be closed when it was dealt with.
    ///
    /// @param attempt the number that the record bears
    /// @param offset of the record on the events topic
    public Entry enter(EventId id, int attempt, long offset) {
        var identity = id.toString().getBytes(StandardCharsets.UTF_8);
        var hash = new IdentityHasher().hash(identity);
        return enter(new Permit(this, hash, identity, offset, attempt), attempt);
    }

    /// A retry may come back before the attempt that asked for it has been noted down; and a record
    /// may be read again while it is being delivered, where offsets went back: what is under way
    /// then counts no more, and may end without an outcome.
    private synchronized Entry enter(Permit permit, int attempt) {
        var underWay = open.get(permit.hash());
        if (underWay != null) {
            return attempt > underWay.attempt() || underWay.offset() == permit.offset()
                    ? new Entry.NotYet()
                    : new Entry.Duplicate(false);
        }
        var known = memory.find(permit.hash());
        var entry = entry(known, permit, attempt);
        if (!(entry instanceof Entry.Duplicate)) {
            open.put(permit.hash(), permit);
        }
        return entry;
    }

    private Entry entry(@Nullable LedgerEntry known, Permit permit, int attempt) {
        return switch (Ruling.on(known, attempt)) {
            case GO -> new Entry.Go(permit);
            case DUPLICATE ->
                    new Entry.Duplicate(known != null && known.offset() == permit.offset());
            case UNRESOLVED -> {
                var start = memory.start(permit.hash());
                yield start == null
                        ? new Entry.Unresolved(permit, attempt, Instant.EPOCH, Settled.NONE)
                        : new Entry.Unresolved(permit, attempt, start.at(), start.settled());
            }
        };
    }

    /// Memory has it as soon as it is sent: what another copy may do then does not depend on how
    /// quick Kafka is.
    LedgerWrite write(Permit permit, LedgerEntry entry, Settled settled) {
        LedgerRecord record;
        synchronized (this) {
            record = new LedgerRecord(entry, settled, beginning(permit.hash(), entry.stage()));
            memory.put(permit.hash(), record, time.now(), time.ageMillis());
        }
        return writer.write(partition, permit.identity(), record);
    }

    private long beginning(IdentityHash id, Stage stage) {
        return switch (stage) {
            case STARTED -> beginning;
            case WAITING -> {
                var start = memory.start(id);
                yield start == null ? beginning : start.beginning();
            }
            case HELD, SETTLED -> LedgerRecord.ANY;
        };
    }

    synchronized void leave(Permit permit) {
        open.remove(permit.hash(), permit);
    }
}
