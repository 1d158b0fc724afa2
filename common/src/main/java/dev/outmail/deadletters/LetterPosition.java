package dev.outmail.deadletters;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Pattern;

/// Where a dead letter is on its topic. A letter has no other name: one event may become several.
///
/// @param partition from 0
/// @param offset from 0
public record LetterPosition(int partition, long offset) implements Comparable<LetterPosition> {
    private static final Pattern WRITTEN = Pattern.compile("(?:.*-)?([0-9]{1,9})@([0-9]{1,18})");
    private static final Comparator<LetterPosition> ORDER =
            Comparator.comparingInt(LetterPosition::partition)
                    .thenComparingLong(LetterPosition::offset);

    public LetterPosition {
        if (partition < 0 || offset < 0) {
            throw new IllegalArgumentException(
                    "no place in a topic: partition " + partition + ", offset " + offset);
        }
    }

    /// Reads `3@17`, with or without a topic's name as in `outmail.dead-letters-3@17`.
    public static Optional<LetterPosition> parse(String written) {
        var matcher = WRITTEN.matcher(written);
        return matcher.matches()
                ? Optional.of(
                        new LetterPosition(
                                Integer.parseInt(matcher.group(1)),
                                Long.parseLong(matcher.group(2))))
                : Optional.empty();
    }

    @Override
    public int compareTo(LetterPosition other) {
        return ORDER.compare(this, other);
    }

    /// As [#parse] reads it.
    @Override
    public String toString() {
        return partition + "@" + offset;
    }
}
