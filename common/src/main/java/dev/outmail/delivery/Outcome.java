package dev.outmail.delivery;

import dev.outmail.settings.ProfileSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How an attempt ended.
public sealed interface Outcome {

    /// Why, for the log.
    Reason reason();

    /// In words, printable.
    String detail();

    /// Nothing more will be done.
    sealed interface Final extends Outcome {}

    /// Something is left to do.
    sealed interface Open extends Outcome {}

    /// Every recipient was accepted.
    record Sent(Attempt attempt, Reason reason, String detail) implements Final {}

    /// Shown in the log, sent to nobody.
    record Silenced(Attempt attempt, Reason reason, String detail) implements Final {}

    /// Not sent, as the settings say.
    record Dropped(ProfileSettings settings, Reason reason, String detail) implements Final {}

    /// At least one recipient was refused for good; whoever else there was got it.
    record Rejected(Attempt attempt, Reason reason, String detail) implements Final {}

    /// Too late.
    ///
    /// @param lastAttempt after which it was given up; null where none was made any more
    record Expired(
            Undelivered undelivered, @Nullable Attempt lastAttempt, Reason reason, String detail)
            implements Final {}

    /// To be tried again, the attempt counted.
    record Deferred(Attempt attempt, Reason reason, String detail) implements Open {}

    /// To be tried again; the trouble is no verdict on the message, so no attempt is counted.
    record Troubled(
            ProfileSettings settings, TransportResult.Trouble trouble, Reason reason, String detail)
            implements Open {}

    /// The server may have taken it, its answer was lost.
    record InDoubt(Attempt attempt, Reason reason, String detail) implements Open {}

    /// The server may have taken it, its answer was lost, and it is not to be sent again, as the
    /// event says or because it is too old: a person decides.
    record HeldInDoubt(Attempt attempt, Reason reason, String detail) implements Final {}

    /// Waits until the server is asked again, since it is known not to work now.
    record Paused(Duration time, Reason reason, String detail) implements Open {}

    /// Waits for the settings to change.
    record Held(Reason reason, String detail) implements Open {}

    /// Waits for its time.
    record NotYet(Instant until, Reason reason, String detail) implements Open {}

    /// What was tried and what came of it.
    ///
    /// @param after what is left to do
    /// @param verdicts of this attempt, a recipient each
    record Attempt(
            ProfileSettings settings,
            String server,
            List<RecipientVerdict> verdicts,
            Undelivered after) {
        public Attempt {
            verdicts = List.copyOf(verdicts);
        }
    }
}
