package dev.outmail.cli;

import dev.outmail.deadletters.Action;
import dev.outmail.deadletters.Batch;
import dev.outmail.deadletters.DeadLetterIndex.Entry;
import dev.outmail.deadletters.LetterJson;
import dev.outmail.deadletters.LetterPosition;
import dev.outmail.deadletters.Resolution;
import dev.outmail.deadletters.Result;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One action on some letters: asks where they are many, does it, and tells what came of it. Used
/// once, by one thread.
final class LetterWork {
    private static final int MANY = 100;

    private final LetterSite site;
    private final Action action;
    private final Manner manner;
    private final PrintWriter out;
    private final PrintWriter err;
    private final Map<LetterPosition, Entry> left = new LinkedHashMap<>();
    private int done;
    private int doneBefore;
    private int notDone;

    /// How it is done.
    ///
    /// @param again what was settled before does not count
    /// @param json tell of each letter, for programs
    record Manner(ActionOptions options, boolean again, boolean json) {}

    LetterWork(LetterSite site, Action action, Manner manner, PrintWriter out, PrintWriter err) {
        this.site = site;
        this.action = action;
        this.manner = manner;
        this.out = out;
        this.err = err;
    }

    /// Does it, and returns the exit code.
    int run(List<Entry> entries, Confirmation confirmation) throws IOException {
        entries.forEach(entry -> left.put(entry.position(), entry));
        boolean dryRun = manner.options().dryRun();
        if (entries.size() > 1 && !manner.options().yes() && !dryRun) {
            if (!confirmation.given(question())) {
                err.println("Nothing was done");
                err.flush();
                return Main.FAILED;
            }
        }
        if (!entries.isEmpty()) {
            process(dryRun);
        }
        summarise(dryRun);
        return notDone == 0 ? Main.DONE : Main.FAILED;
    }

    private String question() {
        return command() + " " + left.size() + " dead letters";
    }

    private String command() {
        return switch (action) {
            case Action.Replay replay -> "Replay";
            case Action.CopyTo copy -> "Send copies to " + copy.mailbox() + " of";
            case Action.Release release -> "Release";
            case Action.Discard discard -> "Discard";
        };
    }

    private void process(boolean dryRun) {
        var deployment = site.deployment();
        var batch =
                new Batch(
                        site.clients(),
                        deployment.topics(),
                        deployment.limits(),
                        Clock.systemUTC(),
                        site.letters());
        var chosen = new LinkedHashMap<LetterPosition, Optional<Resolution>>();
        left.keySet().forEach(position -> chosen.put(position, before(position)));
        try (var progress = progress(chosen.size())) {
            batch.run(
                    chosen,
                    action,
                    manner.options().signature(),
                    dryRun,
                    (position, result) -> {
                        told(position, result);
                        if (progress != null) {
                            progress.step();
                        }
                    });
        }
    }

    private @Nullable Progress progress(int count) {
        return count < MANY ? null : Progress.of("Dead letters", count, err);
    }

    private Optional<Resolution> before(LetterPosition position) {
        var entry = left.get(position);
        return entry == null || manner.again() ? Optional.empty() : entry.settledBy();
    }

    private void told(LetterPosition position, Result result) {
        var entry = left.remove(position);
        switch (result) {
            case Result.Done now -> done++;
            case Result.Settled settled when settled.before().kind() == action.kind() ->
                    doneBefore++;
            case Result.Settled settled -> notDone++;
            case Result.Refused refused -> notDone++;
            case Result.Failed failed -> notDone++;
        }
        if (manner.json()) {
            out.println(LetterJson.of(position, result));
            out.flush();
        } else if (!(result instanceof Result.Done) || manner.options().dryRun()) {
            err.println(
                    position
                            + (entry == null ? "" : " " + LetterView.event(entry))
                            + (result instanceof Result.Done ? " would be " : " ")
                            + LetterView.result(result));
            err.flush();
        }
    }

    private void summarise(boolean dryRun) {
        if (manner.json()) {
            return;
        }
        var kind = action.kind().wireName();
        out.println(
                (dryRun ? "Would be " + kind + " " : capital(kind) + " ")
                        + done
                        + (doneBefore == 0 ? "" : ", done before " + doneBefore)
                        + (notDone == 0 ? "" : ", not " + kind + " " + notDone));
        out.flush();
    }

    private static String capital(String word) {
        return Character.toUpperCase(word.charAt(0)) + word.substring(1);
    }
}
