package dev.outmail.delivery;

import dev.outmail.mail.EmailAddress;
import dev.outmail.mail.MailEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
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
        var finalVerdicts =
                verdicts.stream()
                        .filter(v ->
                                switch (v.verdict()) {
                                    case ACCEPTED, REJECTED -> true;
                                    case DEFERRED, IN_DOUBT -> false;
                                })
                        .toList();
        var settled = new HashSet<EmailAddress>();
        finalVerdicts.forEach(v -> settled.add(v.recipient()));
        var all = new ArrayList<>(judged);
        all.addAll(finalVerdicts);
        return new Undelivered(
                event,
                acceptedAt,
                open.stream().filter(r -> !settled.contains(r)).toList(),
                all,
                attempts + 1);
    }
}
