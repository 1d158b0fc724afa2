package dev.outmail.worker.ledger;

import dev.outmail.delivery.RecipientVerdict;
import java.util.Collection;

/// The right to deal with one event and to write in the ledger how far it is. While it is open, any
/// other copy of the event is a duplicate. For one thread at a time.
///
/// Writes may block for Kafka producer's `max.block.ms` while Kafka is away, and are not durable
/// until acknowledged. They are in order. They go on to work when the partition was given up.
public final class Permit implements AutoCloseable {
    /// What a person decides about a mail that is held has the number of its attempt and so many
    /// more: the next one may have been asked for by the worker that left it in doubt.
    public static final int AFTER_HELD = 2;

    private final PartitionLedger ledger;
    private final IdentityHash hash;
    private final byte[] identity;
    private final long offset;
    private final int attempt;

    Permit(PartitionLedger ledger, IdentityHash hash, byte[] identity, long offset, int attempt) {
        this.ledger = ledger;
        this.hash = hash;
        this.identity = identity;
        this.offset = offset;
        this.attempt = attempt;
    }

    IdentityHash hash() {
        return hash;
    }

    byte[] identity() {
        return identity;
    }

    /// The attempt is about to take a step that can't be taken back.
    ///
    /// @param settled who was settled by its earlier steps
    public LedgerWrite started(int attempt, Collection<RecipientVerdict> settled) {
        return write(Stage.STARTED, attempt, Settled.of(settled));
    }

    /// The attempt is over and the next one waits. 0 where none was counted.
    public LedgerWrite waiting(int attempt) {
        return write(Stage.WAITING, attempt, Settled.NONE);
    }

    /// The attempt is over and nothing more will be done.
    public LedgerWrite settled(int attempt) {
        return write(Stage.SETTLED, attempt, Settled.NONE);
    }

    /// The attempt is in doubt, and a person decides.
    public LedgerWrite held(int attempt) {
        return write(Stage.HELD, attempt, Settled.NONE);
    }

    private LedgerWrite write(Stage stage, int number, Settled settled) {
        return ledger.write(this, new LedgerEntry(stage, number, offset), settled);
    }

    long offset() {
        return offset;
    }

    /// The number that its record bears.
    int attempt() {
        return attempt;
    }

    /// Nobody is at the event any more.
    @Override
    public void close() {
        ledger.leave(this);
    }
}
