package dev.outmail.worker.ledger;

/// The value of a record on the ledger's topic; its key is the event's identity.
///
/// @param settled who is settled, while the attempt goes on
record LedgerRecord(LedgerEntry entry, Settled settled) {
    LedgerRecord(Stage stage, int attempt, long offset) {
        this(new LedgerEntry(stage, attempt, offset), Settled.NONE);
    }
}
