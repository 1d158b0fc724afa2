package dev.outmail.delivery.smtp;

import dev.outmail.delivery.Clearance;
import dev.outmail.delivery.VerdictSheet;

/// Leave for the final dots of one attempt, each begun once: when the transaction starts, or
/// before, when its envelope is said with the end of another message. Begun by other threads too,
/// guarded by itself.
final class Leave {
    private final Clearance clearance;
    private final VerdictSheet sheet;
    private boolean begunAhead;
    private boolean tooLate;

    Leave(Clearance clearance, VerdictSheet sheet) {
        this.clearance = clearance;
        this.sheet = sheet;
    }

    /// The first transaction's envelope is about to be said; called while the attempt waits.
    synchronized void beginAhead() {
        if (!begunAhead && !tooLate) {
            begunAhead = true;
            clearance.begin(sheet.settled());
        }
    }

    /// Nothing may be noted down for an attempt that is over.
    synchronized void giveUp() {
        tooLate = true;
    }

    /// A transaction starts.
    synchronized void begin() {
        if (!begunAhead) {
            clearance.begin(sheet.settled());
        }
        begunAhead = false;
        tooLate = true;
    }

    boolean isReady() {
        return clearance.isReady();
    }

    boolean granted() throws InterruptedException {
        return clearance.granted();
    }
}
