package dev.outmail.cli;

import dev.outmail.deadletters.DeadLetterIndex.Entry;
import dev.outmail.deadletters.LetterJson;
import dev.outmail.delivery.Printable;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// How many dead letters there are for each outcome and reason, and how old they are.
final class LettersByReason {
    private final List<Group> groups;

    /// @param entries oldest first
    LettersByReason(List<Entry> entries) {
        groups =
                entries.stream()
                        .collect(
                                Collectors.groupingBy(
                                        entry ->
                                                new Cause(
                                                        entry.letter().why().outcome(),
                                                        entry.letter().why().reason()),
                                        () ->
                                                new TreeMap<>(
                                                        Comparator.comparing(Cause::outcome)
                                                                .thenComparing(Cause::reason)),
                                        Collectors.toList()))
                        .entrySet()
                        .stream()
                        .map(group -> Group.of(group.getKey(), group.getValue()))
                        .sorted(Comparator.comparingInt(Group::count).reversed())
                        .toList();
    }

    private record Cause(String outcome, String reason) {}

    private record Group(Cause cause, int count, Instant oldest, Instant newest) {
        static Group of(Cause cause, List<Entry> entries) {
            return new Group(
                    cause,
                    entries.size(),
                    entries.getFirst().letter().at(),
                    entries.getLast().letter().at());
        }
    }

    /// The most frequent first.
    void print(PrintWriter out, boolean json) {
        var now = Instant.now();
        for (var group : groups) {
            var cause = group.cause();
            out.println(
                    json
                            ? LetterJson.ofReason(
                                    cause.outcome(),
                                    cause.reason(),
                                    group.count(),
                                    group.oldest(),
                                    group.newest())
                            : "%7d  %-9s  %-22s  oldest %s ago, newest %s ago"
                                    .formatted(
                                            group.count(),
                                            Printable.of(cause.outcome()),
                                            LetterView.reason(cause.reason(), ""),
                                            Moment.age(Duration.between(group.oldest(), now)),
                                            Moment.age(Duration.between(group.newest(), now))));
        }
        out.flush();
    }
}
