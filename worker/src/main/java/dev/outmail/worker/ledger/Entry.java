package dev.outmail.worker.ledger;

import java.time.Instant;

/// What the ledger says to a record that is about to be delivered.
public sealed interface Entry {

    /// It may be attempted.
    record Go(Permit permit) implements Entry {}

    /// Its attempt was made, is being made, or is another record's.
    ///
    /// @param sameRecord whether it is the very record that was dealt with, come again, and not
    ///   another copy of the event
    record Duplicate(boolean sameRecord) implements Entry {}

    /// The attempt before it, or the same record read before, is just being brought to its end in
    /// this process: ask again in a moment.
    record NotYet() implements Entry {}

    /// Its attempt was begun by a worker that is gone and may have been completed: it is in doubt.
    ///
    /// @param startedAt when the last step that can't be taken back may have begun, by Kafka's
    ///   clock
    /// @param settled who was settled before that step
    record Unresolved(Permit permit, int attempt, Instant startedAt, Settled settled)
            implements Entry {}
}
