package dev.outmail.wire;

import dev.outmail.mail.EmailAddress;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What is left to do for an event that was put off, or is to be tried again. It travels in a
/// header of the event's record.
///
/// @param attempt the number of the attempt to come, 1 to 10,000
/// @param acceptedAt when the event was accepted first
/// @param due not to be tried before; null for at once
/// @param partition of the events topic, to which it goes back; [#ANY_PARTITION] to go by its key
/// @param open who has not got it yet; null for all recipients of the event
/// @param judged the final verdicts so far
public record RetryState(
        int attempt,
        Instant acceptedAt,
        @Nullable Instant due,
        int partition,
        @Nullable List<EmailAddress> open,
        List<Judged> judged) {
    public static final int MAX_ATTEMPT = 10_000;
    public static final int ANY_PARTITION = -1;

    public RetryState {
        if (attempt < 1 || attempt > MAX_ATTEMPT) {
            throw new IllegalArgumentException(
                    "attempt must be 1 to " + MAX_ATTEMPT + ", not " + attempt);
        }
        if (partition < ANY_PARTITION) {
            throw new IllegalArgumentException("partition must not be " + partition);
        }
        Objects.requireNonNull(acceptedAt, "acceptedAt");
        open = open == null ? null : List.copyOf(open);
        judged = List.copyOf(judged);
    }

    /// The same, not to be tried before another moment.
    public RetryState withDue(@Nullable Instant when) {
        return new RetryState(attempt, acceptedAt, when, partition, open, judged);
    }

    /// A final verdict on a recipient.
    ///
    /// @param reason one of the typed reasons, by its name on the wire
    /// @param detail the other side's words, at most 2 KB
    public record Judged(EmailAddress recipient, Verdict verdict, String reason, String detail) {
        public Judged {
            Objects.requireNonNull(recipient, "recipient");
            Objects.requireNonNull(verdict, "verdict");
        }
    }

    public enum Verdict {
        ACCEPTED,
        /// Refused for good.
        REJECTED,
        /// Kept back for good, as the settings said then.
        DROPPED;

        private final String wireName = name().toLowerCase(Locale.ROOT);

        String wireName() {
            return wireName;
        }

        static Optional<Verdict> of(String wireName) {
            return Stream.of(values()).filter(v -> v.wireName.equals(wireName)).findFirst();
        }
    }
}
