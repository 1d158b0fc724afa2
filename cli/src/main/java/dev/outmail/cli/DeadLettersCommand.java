package dev.outmail.cli;

import dev.outmail.deadletters.Action;
import dev.outmail.deadletters.DeadLetter;
import dev.outmail.deadletters.DeadLetterIndex.Entry;
import dev.outmail.deadletters.LetterJson;
import dev.outmail.mail.InvalidAddress;
import dev.outmail.mail.Mailbox;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/// `outmail dead-letters`.
@Command(
        name = "dead-letters",
        description =
                "Shows the mails that will not be tried again, and does something about them.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "(list | show | replay | discard)",
        sortOptions = false)
final class DeadLettersCommand {
    private static final int SHOWN = 100;

    @Spec private @Nullable CommandSpec spec;

    @Command(
            name = "list",
            description = "Lists those that nobody has done anything about yet, oldest first.",
            mixinStandardHelpOptions = true,
            sortOptions = false)
    int list(
            @Mixin KafkaOptions kafka,
            @Mixin LetterOptions which,
            @Option(names = "--by-reason", description = "How many for each reason, and how old")
                    boolean byReason,
            @Option(names = "--all", description = "Also those that somebody did something about")
                    boolean all,
            @Option(names = "--json", description = "One JSON object a line") boolean json)
            throws IOException, InterruptedException {
        which.check();
        var index = LetterSite.of(kafka).index(which.since(), err());
        var found = new LetterChoice(index).common(which.filter(), all);
        if (byReason) {
            new LettersByReason(found).print(out(), json);
            return Main.DONE;
        }
        var shown = which.limited(found, json ? Integer.MAX_VALUE : SHOWN);
        shown.forEach(entry -> out().println(json ? LetterJson.of(entry) : LetterView.line(entry)));
        out().flush();
        if (shown.size() < found.size() || found.isEmpty()) {
            err().println(
                            found.isEmpty()
                                    ? "No dead letters"
                                    : "The first %d of %d; more with --limit"
                                            .formatted(shown.size(), found.size()));
            err().flush();
        }
        return Main.DONE;
    }

    @Command(
            name = "show",
            description = "Shows letters whole: why, what was done about them, and the event.",
            mixinStandardHelpOptions = true,
            sortOptions = false)
    int show(
            @Mixin KafkaOptions kafka,
            @Parameters(
                            paramLabel = "LETTER",
                            arity = "0..*",
                            description = "Its place as listed, such as 3@17, or its event's id")
                    @Nullable List<String> names,
            @Option(
                            names = "--raw",
                            description = "The event's bytes as they were, and nothing else")
                    boolean raw,
            @Option(names = "--json", description = "One JSON object a line, without the event")
                    boolean json)
            throws IOException, InterruptedException {
        if (names == null) {
            throw Failure.wrongUsage("Say which letters: their places or their events' ids");
        }
        if (raw && Confirmation.atTerminal(err()).terminal().getAsBoolean()) {
            throw Failure.wrongUsage(
                    "--raw is not for a terminal, which could take the bytes for commands: send them to a file");
        }
        var site = LetterSite.of(kafka);
        var entries = new LetterChoice(site.index(null, err())).named(names);
        if (raw && entries.size() > 1) {
            throw Failure.wrongUsage("--raw is for one letter; name it by its place");
        }
        for (var entry : entries) {
            if (json) {
                out().println(LetterJson.of(entry));
            } else {
                site.letters()
                        .forEach(List.of(entry.position()), letter -> show(entry, letter, raw));
            }
        }
        out().flush();
        return Main.DONE;
    }

    private void show(Entry entry, DeadLetter letter, boolean raw) {
        if (!raw) {
            new LetterView(out()).show(entry, letter);
            return;
        }
        var value = letter.value();
        if (value != null) {
            System.out.write(value, 0, value.length);
            System.out.flush();
        }
    }

    @Command(
            name = "replay",
            description = {
                "Sends mails again: to those who did not get them, or a copy to somebody else.",
                "Doing it twice, or two people at once, sends once."
            },
            mixinStandardHelpOptions = true,
            sortOptions = false)
    int replay(
            @Mixin KafkaOptions kafka,
            @Parameters(
                            paramLabel = "LETTER",
                            arity = "0..*",
                            description =
                                    "Their places as listed, such as 3@17, or their events' ids; none where an option says which")
                    @Nullable List<String> names,
            @Mixin LetterOptions which,
            @Option(
                            names = "--to",
                            paramLabel = "MAILBOX",
                            converter = MailboxConverter.class,
                            description =
                                    "Send a copy to this mailbox instead, marked as a replay; the letter stays")
                    @Nullable Mailbox to,
            @Option(
                            names = "--again",
                            description = "Also those that somebody did something about before")
                    boolean again,
            @Mixin ActionOptions how,
            @Option(names = "--json", description = "What came of each, one JSON object a line")
                    boolean json)
            throws IOException, InterruptedException {
        var action = to == null ? new Action.Replay() : new Action.CopyTo(to);
        var manner = new LetterWork.Manner(how, again, json);
        return act(kafka, names == null ? List.of() : names, which, action, manner);
    }

    @Command(
            name = "discard",
            description = "Notes that nothing is to be done about letters, which list hides then.",
            mixinStandardHelpOptions = true,
            sortOptions = false)
    int discard(
            @Mixin KafkaOptions kafka,
            @Parameters(
                            paramLabel = "LETTER",
                            arity = "0..*",
                            description =
                                    "Their places as listed, such as 3@17, or their events' ids; none where an option says which")
                    @Nullable List<String> names,
            @Mixin LetterOptions which,
            @Mixin ActionOptions how,
            @Option(names = "--json", description = "What came of each, one JSON object a line")
                    boolean json)
            throws IOException, InterruptedException {
        var manner = new LetterWork.Manner(how, false, json);
        return act(kafka, names == null ? List.of() : names, which, new Action.Discard(), manner);
    }

    private int act(
            KafkaOptions kafka,
            List<String> names,
            LetterOptions which,
            Action action,
            LetterWork.Manner manner)
            throws IOException, InterruptedException {
        which.check();
        if (names.isEmpty() != which.say()) {
            throw Failure.wrongUsage(
                    names.isEmpty()
                            ? "Say which letters: their places, their events' ids, or what they have in common, such as --reason or --since"
                            : "Name the letters, or say what they have in common, not both");
        }
        var _ = manner.options().signature();
        var site = LetterSite.of(kafka);
        var choice = new LetterChoice(site.index(which.since(), err()));
        var chosen =
                names.isEmpty()
                        ? withoutHeld(choice.common(which.filter(), manner.again()))
                        : choice.named(names);
        return new LetterWork(site, action, manner, out(), err())
                .run(which.limited(chosen, Integer.MAX_VALUE), Confirmation.atTerminal(err()));
    }

    /// What a server may have taken is decided about one by one.
    private List<Entry> withoutHeld(List<Entry> entries) {
        var others = entries.stream().filter(entry -> !LetterChoice.isHeld(entry)).toList();
        int held = entries.size() - others.size();
        if (held > 0) {
            err().println("Left out " + held + " held in doubt; see: outmail log --held");
            err().flush();
        }
        return others;
    }

    /// Reads a mailbox, and says what is wrong with one that is none.
    static final class MailboxConverter implements ITypeConverter<Mailbox> {
        @Override
        public Mailbox convert(String written) {
            try {
                return Mailbox.parse(written);
            } catch (InvalidAddress e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    private PrintWriter out() {
        return Objects.requireNonNull(spec).commandLine().getOut();
    }

    private PrintWriter err() {
        return Objects.requireNonNull(spec).commandLine().getErr();
    }
}
