package dev.outmail.deadletters;

import dev.outmail.wire.LogEntry;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Why an event became a dead letter, in its worker's words. They may quote servers and publishers:
/// nothing of it is printable as it is.
///
/// @param outcome that ended it, by its wire name; empty where none is written
/// @param reason typed, by its wire name; empty where none is written
/// @param detail the same in words
/// @param attempts how many were made
/// @param nextAttempt the number that the attempt of a replay has; 0 where that is not written
/// @param revision of the settings at the last one
/// @param acceptedAt when the event was accepted first; null where that is not written
/// @param origin where the event was
/// @param undelivered the recipients who did not get it
public record Why(
        String outcome,
        String reason,
        String detail,
        int attempts,
        int nextAttempt,
        long revision,
        @Nullable Instant acceptedAt,
        LogEntry.@Nullable Position origin,
        List<String> undelivered) {
    public Why {
        undelivered = List.copyOf(undelivered);
    }

    /// Whether it is a mail that a server may have taken, which a person must decide about.
    public boolean isInDoubt() {
        return outcome.equals("held");
    }
}
