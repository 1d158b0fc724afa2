package dev.outmail.worker.ledger;

import org.jspecify.annotations.Nullable;

/// What the ledger's entry means for a record of the same event that nobody is at. Attempts are
/// numbered upwards, so a record whose number is not above the ledger's was dealt with.
enum Ruling {
    GO,
    DUPLICATE,
    UNRESOLVED;

    static Ruling on(@Nullable LedgerEntry known, int attempt) {
        int number = Math.min(attempt, LedgerEntry.MAX_ATTEMPT);
        if (known == null || number > known.attempt()) {
            return known != null && isRetryOfHeld(known, number) ? DUPLICATE : GO;
        }
        return known.stage() == Stage.STARTED && number == known.attempt() ? UNRESOLVED : DUPLICATE;
    }

    /// The worker that made the attempt put the mail off and died before it could note that down;
    /// whoever found the attempt in doubt gave it to a person, whose decision comes later still.
    private static boolean isRetryOfHeld(LedgerEntry known, int number) {
        return known.stage() == Stage.HELD && number < known.attempt() + Permit.AFTER_HELD;
    }
}
