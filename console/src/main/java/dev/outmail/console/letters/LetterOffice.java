package dev.outmail.console.letters;

import dev.outmail.deadletters.Action;
import dev.outmail.deadletters.Batch;
import dev.outmail.deadletters.DeadLetter;
import dev.outmail.deadletters.DeadLetterIndex.Entry;
import dev.outmail.deadletters.DeadLetters;
import dev.outmail.deadletters.LetterPosition;
import dev.outmail.deadletters.Resolution;
import dev.outmail.deadletters.Result;
import dev.outmail.deadletters.Signature;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Where dead letters are looked up and dealt with. What this console does is done one after the
/// other, by what the letters are when it begins: a second click finds them settled.
final class LetterOffice {
    private final DeadLetters letters;
    private final Batch batch;
    private final ReentrantLock working = new ReentrantLock();

    LetterOffice(DeadLetters letters, Batch batch) {
        this.letters = letters;
        this.batch = batch;
    }

    /// Those that wait for somebody, oldest first.
    List<Entry> waiting() {
        return letters.index(null, count -> {}).entries().stream()
                .filter(entry -> entry.settledBy().isEmpty())
                .toList();
    }

    Optional<Entry> entry(LetterPosition position) {
        return letters.entry(position);
    }

    Optional<DeadLetter> letter(LetterPosition position) {
        var found = new ArrayList<DeadLetter>();
        letters.forEach(List.of(position), found::add);
        return found.stream().findFirst();
    }

    /// What came of letters.
    Map<LetterPosition, Result> act(
            Collection<LetterPosition> chosen, Action action, Signature signature) {
        working.lock();
        try {
            var wanted = new HashSet<>(chosen);
            var before = new LinkedHashMap<LetterPosition, Optional<Resolution>>();
            chosen.forEach(position -> before.put(position, Optional.empty()));
            letters.index(null, count -> {}).entries().stream()
                    .filter(entry -> wanted.contains(entry.position()))
                    .forEach(entry -> before.put(entry.position(), entry.settledBy()));
            var results = new LinkedHashMap<LetterPosition, Result>();
            batch.run(before, action, signature, false, results::put);
            return results;
        } finally {
            working.unlock();
        }
    }

    /// In words.
    static String words(@Nullable Result result) {
        return switch (result) {
            case null -> "unknown";
            case Result.Done done -> done.kind().wireName();
            case Result.Settled settled ->
                    "was "
                            + settled.before().kind().wireName()
                            + " before, by "
                            + settled.before().by();
            case Result.Refused refused -> "not done: " + refused.why();
            case Result.Failed failed -> "failed: " + failed.why();
        };
    }
}
