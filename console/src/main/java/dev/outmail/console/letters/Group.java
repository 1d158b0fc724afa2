package dev.outmail.console.letters;

import dev.outmail.deadletters.DeadLetterIndex.Entry;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;

/// Letters of one reason.
record Group(String outcome, String reason, int count, Instant oldest, Instant newest) {
    /// The most frequent first.
    ///
    /// @param entries oldest first
    static List<Group> of(List<Entry> entries) {
        return entries.stream()
                .collect(
                        Collectors.groupingBy(
                                entry ->
                                        List.of(
                                                entry.letter().why().outcome(),
                                                entry.letter().why().reason()),
                                LinkedHashMap::new,
                                Collectors.toList()))
                .entrySet()
                .stream()
                .map(group ->
                        new Group(
                                group.getKey().getFirst(),
                                group.getKey().getLast(),
                                group.getValue().size(),
                                group.getValue().getFirst().letter().at(),
                                group.getValue().getLast().letter().at()))
                .sorted(Comparator.comparingInt(Group::count).reversed())
                .toList();
    }

    boolean isHeld() {
        return outcome.equals("held");
    }
}
