package dev.outmail.deadletters;

import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What somebody did about a dead letter. All resolutions of a letter together are its audit trail.
///
/// @param by who, as they called themselves
/// @param why in their words; empty where they gave none
/// @param to the mailbox that a copy went to; null for all else
/// @param at when it was written down
public record Resolution(Kind kind, String by, String why, @Nullable String to, Instant at) {
    public Resolution {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(at, "at");
    }

    /// What was done.
    public enum Kind {
        /// Published again, for those who did not get it.
        REPLAYED,
        /// A copy was published for another mailbox; the letter itself waits on.
        COPIED,
        /// Was in doubt, and published again.
        RELEASED,
        /// Nothing, for good.
        DISCARDED;

        private final String wireName = name().toLowerCase(Locale.ROOT);

        public String wireName() {
            return wireName;
        }

        /// Whether nothing is left to do for the letter after it.
        public boolean settles() {
            return switch (this) {
                case REPLAYED, RELEASED, DISCARDED -> true;
                case COPIED -> false;
            };
        }

        static Optional<Kind> of(String wireName) {
            return Stream.of(values()).filter(kind -> kind.wireName.equals(wireName)).findFirst();
        }
    }
}
