package dev.outmail.delivery;

import dev.outmail.mail.EmailAddress;
import dev.outmail.mail.MailEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;

/// An event on its way: what is left to do for it.
///
/// @param acceptedAt when it was accepted for delivery; also the Date of its message, so that every
///   attempt sends the same bytes
/// @param open who has not got it yet, at least one
/// @param judged the final verdicts so far
/// @param attempts how many were counted
public record Undelivered(
        MailEvent event,
        Instant acceptedAt,
        List<EmailAddress> open,
        List<RecipientVerdict> judged,
        int attempts) {
    public Undelivered {
        Objects.requireNonNull(event, "event");
        Objects.requireNonNull(acceptedAt, "acceptedAt");
        open = List.copyOf(open);
        judged = List.copyOf(judged);
    }

    public static Undelivered fresh(MailEvent event, Instant acceptedAt) {
        return new Undelivered(event, acceptedAt, event.addressing().recipients(), List.of(), 0);
    }

    /// After an attempt that was counted: the recipients with a final verdict are no longer open.
    Undelivered after(List<RecipientVerdict> verdicts) {
        var all = new ArrayList<>(judged);
        var left = new LinkedHashSet<>(open);
        for (var verdict : verdicts) {
            switch (verdict.verdict()) {
                case ACCEPTED, REJECTED -> {
                    all.add(verdict);
                    left.remove(verdict.recipient());
                }
                case DEFERRED, IN_DOUBT -> {}
            }
        }
        return new Undelivered(event, acceptedAt, List.copyOf(left), all, attempts + 1);
    }
}
