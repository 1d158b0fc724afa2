package dev.outmail.cli;

import dev.outmail.deadletters.DeadLetterIndex;
import dev.outmail.deadletters.DeadLetterIndex.Entry;
import dev.outmail.deadletters.LetterFilter;
import dev.outmail.deadletters.LetterPosition;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.Predicate;

/// Which letters a user means by naming them, or by saying what they have in common.
final class LetterChoice {
    private final DeadLetterIndex index;

    LetterChoice(DeadLetterIndex index) {
        this.index = index;
    }

    /// The letters of these names, each a place such as `3@17` or the id of an event, once each.
    ///
    /// @throws Failure naming all that there is nothing of
    List<Entry> named(List<String> names) {
        var chosen = new LinkedHashSet<Entry>();
        var unknown = new ArrayList<String>();
        for (var name : names) {
            var found = named(name);
            chosen.addAll(found);
            if (found.isEmpty()) {
                unknown.add(name);
            }
        }
        if (!unknown.isEmpty()) {
            throw new Failure("There is no dead letter of " + String.join(", ", unknown));
        }
        return List.copyOf(chosen);
    }

    private List<Entry> named(String name) {
        var position = LetterPosition.parse(name);
        var found = position.map(p -> those(e -> e.position().equals(p))).orElse(List.of());
        return found.isEmpty() ? ofEvent(name) : found;
    }

    /// Of one event those that wait for somebody; the others only where none does.
    private List<Entry> ofEvent(String id) {
        var all = those(entry -> LetterFilter.isEvent(id, entry.letter()));
        var open = all.stream().filter(LetterChoice::isOpen).toList();
        return open.isEmpty() ? all : open;
    }

    /// Those that have this in common.
    ///
    /// @param all also those that were settled
    List<Entry> common(LetterFilter filter, boolean all) {
        return those(entry -> (all || isOpen(entry)) && filter.test(entry.letter()));
    }

    private List<Entry> those(Predicate<Entry> condition) {
        return index.entries().stream().filter(condition).toList();
    }

    static boolean isOpen(Entry entry) {
        return entry.settledBy().isEmpty();
    }

    static boolean isHeld(Entry entry) {
        return entry.letter().why().isInDoubt();
    }
}
