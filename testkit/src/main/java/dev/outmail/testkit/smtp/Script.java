package dev.outmail.testkit.smtp;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What a server was told to do otherwise. Guarded by itself.
final class Script {
    private record Rule(String prefix, boolean once, Act act) {}

    private final List<Rule> rules = new ArrayList<>();
    private final Deque<Dialogue> dialogues = new ArrayDeque<>();

    synchronized void add(String prefix, boolean once, Act act) {
        rules.add(new Rule(prefix.toUpperCase(Locale.ROOT), once, act));
    }

    synchronized void add(Dialogue dialogue) {
        dialogues.add(dialogue);
    }

    synchronized void clear() {
        rules.clear();
        dialogues.clear();
    }

    synchronized @Nullable Dialogue nextDialogue() {
        return dialogues.poll();
    }

    /// One-time rules in the order given, then the latest of the others.
    synchronized @Nullable Act actFor(String line) {
        String upper = line.toUpperCase(Locale.ROOT);
        for (Rule rule : rules) {
            if (rule.once() && upper.startsWith(rule.prefix())) {
                rules.remove(rule);
                return rule.act();
            }
        }
        return rules.reversed().stream()
                .filter(rule -> !rule.once() && upper.startsWith(rule.prefix()))
                .findFirst()
                .map(Rule::act)
                .orElse(null);
    }
}
