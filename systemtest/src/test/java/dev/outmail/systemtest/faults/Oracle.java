package dev.outmail.systemtest.faults;

import dev.outmail.systemtest.faults.LogTail.Line;
import dev.outmail.testkit.smtp.SinkLine;
import dev.outmail.wire.OutcomeName;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// Compares what was published, what the server has, and what the log says.
final class Oracle {
    private final Publisher published;
    private final LogTail log;
    private final Map<String, List<SinkLine>> copies;

    /// @param sink every line of the servers' ledgers
    Oracle(Publisher published, LogTail log, List<SinkLine> sink) {
        this.published = published;
        this.log = log;
        copies =
                sink.stream()
                        .filter(line -> !line.refused())
                        .collect(Collectors.groupingBy(SinkLine::id));
    }

    Findings findings(Set<String> passedUnfinished) {
        var accepted = published.accepted();
        return new Findings(
                accepted.size(),
                those(accepted.keySet(), this::isLost),
                copies.values().stream().mapToInt(Oracle::extraCopies).sum(),
                those(copies.keySet(), id -> extraCopies(id) > 0 && !wasInDoubt(id)),
                those(log.ids(), this::wasInDoubt).size(),
                those(copies.keySet(), id -> !published.tried().contains(id)),
                those(copies.keySet(), this::isGarbled),
                those(log.ids(), this::endedTwice),
                those(log.ids(), id -> said(id, OutcomeName.SENT) && !copies.containsKey(id)),
                those(copies.keySet(), id -> !saidDelivered(id) && !wasInDoubt(id)),
                passedUnfinished);
    }

    private static Set<String> those(Set<String> ids, Predicate<String> condition) {
        return ids.stream().filter(condition).collect(Collectors.toCollection(TreeSet::new));
    }

    private boolean isLost(String id) {
        return !log.hasEnded(id) || (said(id, OutcomeName.SENT) && !copies.containsKey(id));
    }

    private boolean said(String id, OutcomeName outcome) {
        return log.of(id).stream().anyMatch(line -> line.outcome() == outcome);
    }

    private boolean saidDelivered(String id) {
        return log.of(id).stream().anyMatch(Line::delivered);
    }

    private boolean wasInDoubt(String id) {
        return log.of(id).stream()
                .anyMatch(line ->
                        line.outcome() == OutcomeName.IN_DOUBT
                                || (line.outcome() == OutcomeName.HELD && line.isFinal()));
    }

    private boolean endedTwice(String id) {
        return log.of(id).stream().filter(Line::isFinal).map(Line::outcome).distinct().count() > 1;
    }

    private int extraCopies(String id) {
        return extraCopies(copies.getOrDefault(id, List.of()));
    }

    /// Copies beyond the first for the recipient who got most; others are parts of one delivery.
    private static int extraCopies(List<SinkLine> lines) {
        var perRecipient = new HashMap<String, Integer>();
        lines.forEach(
                line -> line.recipients().forEach(r -> perRecipient.merge(r, 1, Integer::sum)));
        return perRecipient.values().stream().mapToInt(count -> count - 1).max().orElse(0);
    }

    private boolean isGarbled(String id) {
        var accepted = published.accepted().get(id);
        if (accepted == null) {
            return false;
        }
        var messageIds = new HashSet<String>();
        for (var line : copies.getOrDefault(id, List.of())) {
            messageIds.add(line.messageId());
            if (!accepted.body().equals(line.body()) || !addressed(line, accepted)) {
                return true;
            }
        }
        return messageIds.size() > 1 || messageIds.contains("");
    }

    private static boolean addressed(SinkLine line, Accepted accepted) {
        return line.recipients().stream()
                .map(Oracle::address)
                .allMatch(accepted.recipients()::contains);
    }

    /// `<ada@example.org> NOTIFY=…` without what is around the address.
    private static String address(String argument) {
        int end = argument.indexOf('>');
        return argument.substring(1, end < 0 ? argument.length() : end);
    }
}
