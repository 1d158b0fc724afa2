package dev.outmail.submission.smtp;

import java.time.Duration;
import java.util.function.LongSupplier;

/// Whether a conversation waits for its client, works, or is over; so that others may end it in a
/// moment when nothing is lost by it and nobody else speaks. Guarded by its monitor.
final class Presence {
    /// For all that is done between two words of the client: Kafka is waited for, or a slow client
    /// for its turn; answers are written, and perhaps nobody reads them.
    private static final Duration TIME_TO_WORK = Duration.ofMinutes(1);

    private static final Duration TIME_TO_PART = Duration.ofSeconds(3);

    private enum Phase {
        WORKING,
        /// Waits for a command, with no mail begun.
        IDLE,
        /// Waits for the rest of a mail.
        MIDWAY,
        OVER
    }

    /// How others end it.
    interface Ending {
        /// Says why and closes; it must not block.
        void farewell(Reply reply);

        /// Closes, whatever is going on.
        void cut();
    }

    private final LongSupplier nanoTime;
    private Phase phase = Phase.WORKING;
    private boolean last;
    private long deadlineNanos;

    Presence(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        enter(Phase.WORKING, TIME_TO_WORK);
    }

    private void enter(Phase next, Duration patience) {
        phase = next;
        deadlineNanos = nanoTime.getAsLong() + patience.toNanos();
    }

    /// The client has this long to say something. False where it is over.
    synchronized boolean listen(boolean midway, Duration patience) {
        if (phase == Phase.OVER || (last && !midway)) {
            return false;
        }
        enter(midway ? Phase.MIDWAY : Phase.IDLE, patience);
        return true;
    }

    /// It has said something. False where it was over before.
    synchronized boolean heard() {
        if (phase == Phase.OVER) {
            return false;
        }
        enter(Phase.WORKING, TIME_TO_WORK);
        return true;
    }

    /// The conversation ends by itself, and has a moment for it.
    synchronized void part() {
        enter(Phase.OVER, TIME_TO_PART);
    }

    /// What is under way is the last.
    synchronized void endWhenIdle(Ending ending) {
        last = true;
        if (phase == Phase.IDLE) {
            part();
            ending.farewell(Reply.SHUTTING_DOWN);
        }
    }

    synchronized void endIfOverdue(Ending ending) {
        if (nanoTime.getAsLong() - deadlineNanos < 0) {
            return;
        }
        switch (phase) {
            case IDLE, MIDWAY -> {
                part();
                ending.farewell(Reply.TIMEOUT);
            }
            case WORKING, OVER -> ending.cut();
        }
    }
}
