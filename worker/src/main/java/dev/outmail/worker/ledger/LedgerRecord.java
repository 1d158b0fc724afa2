package dev.outmail.worker.ledger;

/// The value of a record on the ledger's topic; its key is the event's identity.
///
/// @param settled who is settled, while the attempt goes on
/// @param beginning of a start and of what ends it with a wait: which beginning it is. A wait that
///   a former owner of the partition wrote late ends no beginning of its successor's
record LedgerRecord(LedgerEntry entry, Settled settled, long beginning) {
    /// Of records of a version that did not have it, and of those that end whatever was begun.
    static final long ANY = 0;

    LedgerRecord(LedgerEntry entry, Settled settled) {
        this(entry, settled, ANY);
    }

    LedgerRecord(Stage stage, int attempt, long offset) {
        this(new LedgerEntry(stage, attempt, offset), Settled.NONE);
    }

    LedgerRecord withBeginning(long which) {
        return new LedgerRecord(entry, settled, which);
    }
}
