package dev.outmail.delivery;

import dev.outmail.delivery.RecipientVerdict.Verdict;
import dev.outmail.mail.EmailAddress;
import dev.outmail.mail.MailEvent;
import dev.outmail.wire.RetryHeader;
import dev.outmail.wire.RetryState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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

    /// An event that comes with a retry header, or without one.
    ///
    /// @param appendedAt the record's timestamp, which is when an event without a usable header was
    ///   accepted
    public static Undelivered of(MailEvent event, RetryHeader header, Instant appendedAt) {
        return switch (header) {
            case RetryHeader.Present present ->
                    resumed(event, present.state()).orElseGet(() -> fresh(event, appendedAt));
            case RetryHeader.None none -> fresh(event, appendedAt);
            case RetryHeader.Invalid invalid -> fresh(event, appendedAt);
        };
    }

    /// What is left to do by a retry state, as far as it is about recipients of the event; nothing
    /// where it leaves no recipient open.
    public static Optional<Undelivered> resumed(MailEvent event, RetryState state) {
        var recipients = new LinkedHashSet<>(event.addressing().recipients());
        var open = new LinkedHashSet<>(recipients);
        var stillOpen = state.open();
        if (stillOpen != null) {
            open.retainAll(Set.copyOf(stillOpen));
        }
        if (open.isEmpty()) {
            return Optional.empty();
        }
        recipients.removeAll(open);
        var judged = new ArrayList<RecipientVerdict>();
        for (var one : state.judged()) {
            // Of each recipient once; who is open was not judged.
            if (recipients.remove(one.recipient())) {
                judged.add(verdict(one));
            }
        }
        return Optional.of(
                new Undelivered(
                        event, state.acceptedAt(), List.copyOf(open), judged, state.attempt() - 1));
    }

    private static RecipientVerdict verdict(RetryState.Judged judged) {
        return switch (judged.verdict()) {
            case ACCEPTED -> verdict(judged, Verdict.ACCEPTED, Reason.ACCEPTED);
            case REJECTED -> verdict(judged, Verdict.REJECTED, Reason.REFUSED);
            case DROPPED -> verdict(judged, Verdict.DROPPED, Reason.NOT_ALLOWED);
        };
    }

    private static RecipientVerdict verdict(
            RetryState.Judged judged, Verdict verdict, Reason whereUnknown) {
        return new RecipientVerdict(
                judged.recipient(),
                verdict,
                Reason.of(judged.reason()).orElse(whereUnknown),
                Printable.of(judged.detail()));
    }

    /// What the next attempt needs to know.
    ///
    /// @param due when it is to be made; null for at once
    /// @param partition of the events topic, where the event is
    public RetryState retryState(@Nullable Instant due, int partition) {
        boolean all = open.size() == event.addressing().recipients().size();
        return new RetryState(
                Math.min(attempts + 1, RetryState.MAX_ATTEMPT),
                acceptedAt,
                due,
                partition,
                all ? null : open,
                judged.stream().flatMap(Undelivered::judged).toList());
    }

    private static Stream<RetryState.Judged> judged(RecipientVerdict verdict) {
        return switch (verdict.verdict()) {
            case ACCEPTED -> Stream.of(judged(verdict, RetryState.Verdict.ACCEPTED));
            case REJECTED -> Stream.of(judged(verdict, RetryState.Verdict.REJECTED));
            case DROPPED -> Stream.of(judged(verdict, RetryState.Verdict.DROPPED));
            case DEFERRED, IN_DOUBT -> Stream.empty();
        };
    }

    private static RetryState.Judged judged(RecipientVerdict said, RetryState.Verdict verdict) {
        return new RetryState.Judged(
                said.recipient(), verdict, said.reason().wireName(), said.detail());
    }

    /// After an attempt that was counted: the recipients with a final verdict are no longer open.
    Undelivered after(List<RecipientVerdict> verdicts) {
        var all = new ArrayList<>(judged);
        var left = new LinkedHashSet<>(open);
        for (var verdict : verdicts) {
            switch (verdict.verdict()) {
                case ACCEPTED, REJECTED, DROPPED -> {
                    all.add(verdict);
                    left.remove(verdict.recipient());
                }
                case DEFERRED, IN_DOUBT -> {}
            }
        }
        return new Undelivered(event, acceptedAt, List.copyOf(left), all, attempts + 1);
    }
}
