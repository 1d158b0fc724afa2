package dev.outmail.cli;

import dev.outmail.deadletters.Action;
import dev.outmail.deadletters.DeadLetterIndex.Entry;
import dev.outmail.deadletters.LetterFilter;
import dev.outmail.deadletters.LetterJson;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Mail in doubt that waits for a person: what there is, and what is to become of it.
final class HeldOptions {
    @Option(
            names = "--held",
            description =
                    "Instead: the mails that a server may have taken and that are not to be sent twice (onDoubt: hold), which wait for a person")
    private boolean held;

    @Option(
            names = "--release",
            paramLabel = "MAIL",
            arity = "1..*",
            description =
                    "With --held: send these again, by their places as listed, such as 3@17, or their events' ids")
    private @Nullable List<String> release;

    @Option(
            names = "--discard",
            paramLabel = "MAIL",
            arity = "1..*",
            description = "With --held: take these for delivered, or for not needed any more")
    private @Nullable List<String> discard;

    @Mixin private ActionOptions how = new ActionOptions();

    boolean asked() {
        return held;
    }

    void check() {
        if (!held && (release != null || discard != null)) {
            throw Failure.wrongUsage("--release and --discard are for mail in doubt: add --held");
        }
        if (release != null && discard != null) {
            throw Failure.wrongUsage("--release or --discard, not both");
        }
        var _ = how.signature();
    }

    /// Lists them, or does something about them.
    ///
    /// @param event the id that the event must have; null for any
    int run(
            KafkaOptions kafka,
            @Nullable String event,
            boolean json,
            PrintWriter out,
            PrintWriter err)
            throws IOException, InterruptedException {
        var site = LetterSite.of(kafka);
        var choice = new LetterChoice(site.index(null, err));
        if (release == null && discard == null) {
            list(choice, event, json, out, err);
            return Main.DONE;
        }
        var names = release != null ? release : discard;
        var action = release != null ? new Action.Release() : new Action.Discard();
        var chosen = requireHeld(choice.named(names == null ? List.of() : names));
        return new LetterWork(site, action, new LetterWork.Manner(how, false, json), out, err)
                .run(chosen, Confirmation.atTerminal(err));
    }

    private static void list(
            LetterChoice choice,
            @Nullable String event,
            boolean json,
            PrintWriter out,
            PrintWriter err) {
        var filter = new LetterFilter(null, null, null, null, null, event);
        var waiting = choice.common(filter, false).stream().filter(LetterChoice::isHeld).toList();
        waiting.forEach(entry -> out.println(json ? LetterJson.of(entry) : LetterView.line(entry)));
        out.flush();
        err.println(
                waiting.isEmpty()
                        ? "No mail is held in doubt"
                        : "Send again with --held --release, or take for delivered with --held --discard");
        err.flush();
    }

    private static List<Entry> requireHeld(List<Entry> entries) {
        for (var entry : entries) {
            if (!LetterChoice.isHeld(entry)) {
                throw new Failure(
                        entry.position()
                                + " is not held in doubt; see: outmail dead-letters show "
                                + entry.position());
            }
        }
        return entries;
    }
}
