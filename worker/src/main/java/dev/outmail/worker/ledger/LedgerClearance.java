package dev.outmail.worker.ledger;

import dev.outmail.delivery.Clearance;
import dev.outmail.delivery.RecipientVerdict;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Leave for one attempt's final dots: given when the ledger has acknowledged that the attempt is
/// being made, and this worker still owns the partition. For the attempt's thread.
///
/// The ledger is written when a step is being prepared, that is while the conversation with the
/// server goes on, so that it has answered by the time the leave is asked for. An attempt that is
/// held back before leaves no trace.
public final class LedgerClearance implements Clearance {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Permit permit;
    private final int attempt;
    private final BooleanSupplier owned;
    private final Duration patience;
    private @Nullable LedgerWrite note;

    /// How many were settled when the note was written.
    private int noted;

    /// @param owned whether the partition is certainly still this worker's, at the moment of asking
    public LedgerClearance(Permit permit, int attempt, BooleanSupplier owned) {
        this(permit, attempt, owned, PATIENCE);
    }

    LedgerClearance(Permit permit, int attempt, BooleanSupplier owned, Duration patience) {
        this.permit = permit;
        this.attempt = attempt;
        this.owned = owned;
        this.patience = patience;
    }

    /// Whether the ledger has the attempt as started, or may have it.
    public boolean hasBegun() {
        return note != null;
    }

    @Override
    public void begin(Collection<RecipientVerdict> settled) {
        if (note == null || settled.size() != noted || hasFailed(note)) {
            note = permit.started(attempt, settled);
            noted = settled.size();
        }
    }

    private static boolean hasFailed(LedgerWrite note) {
        return note.isDone() && !note.isAcknowledged();
    }

    @Override
    public boolean isReady() {
        return note != null && note.isDone();
    }

    /// Whether it is owned is asked last: nothing that takes time comes between that and the step.
    @Override
    public boolean granted() throws InterruptedException {
        if (note == null) {
            begin(List.of());
        }
        return note != null && note.await(patience) && owned.getAsBoolean();
    }
}
