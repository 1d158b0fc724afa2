package dev.outmail.deadletters;

import dev.outmail.deadletters.DeadLetter.Summary;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Dead letters as they were at one moment, oldest first, each with what was done about it.
public final class DeadLetterIndex {
    private static final Comparator<Entry> OLDEST_FIRST =
            Comparator.comparing((Entry entry) -> entry.letter().at())
                    .thenComparing(entry -> entry.letter().position());

    private final List<Entry> entries;

    private DeadLetterIndex(List<Entry> entries) {
        this.entries = List.copyOf(entries);
    }

    public List<Entry> entries() {
        return entries;
    }

    /// A letter and what was done about it.
    ///
    /// @param resolutions in the order in which they were written
    public record Entry(Summary letter, List<Resolution> resolutions) {
        public Entry {
            resolutions = List.copyOf(resolutions);
        }

        public LetterPosition position() {
            return letter.position();
        }

        /// By what it was done with; empty for a letter that waits for somebody.
        public Optional<Resolution> settledBy() {
            return resolutions.stream().filter(r -> r.kind().settles()).findFirst();
        }
    }

    /// An index being read, in any order of partitions, each in its own order.
    static final class Reading {
        private final List<Summary> letters = new ArrayList<>();
        private final Map<LetterPosition, List<Resolution>> resolutions = new HashMap<>();

        void add(LetterRecords.Found found) {
            switch (found) {
                case LetterRecords.Found.Letter letter -> letters.add(letter.letter().summary());
                case LetterRecords.Found.Resolved resolved ->
                        resolutions
                                .computeIfAbsent(resolved.letter(), position -> new ArrayList<>())
                                .add(resolved.resolution());
            }
        }

        DeadLetterIndex index() {
            return new DeadLetterIndex(
                    letters.stream()
                            .map(letter ->
                                    new Entry(
                                            letter,
                                            resolutions.getOrDefault(letter.position(), List.of())))
                            .sorted(OLDEST_FIRST)
                            .toList());
        }
    }
}
