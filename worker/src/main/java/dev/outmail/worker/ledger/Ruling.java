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
            return GO;
        }
        return known.stage() == Stage.STARTED && number == known.attempt() ? UNRESOLVED : DUPLICATE;
    }
}
