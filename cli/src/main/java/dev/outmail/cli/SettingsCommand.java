package dev.outmail.cli;

import dev.outmail.config.Deployment;
import dev.outmail.settings.Authorship;
import dev.outmail.settings.ProfileSettings;
import dev.outmail.settings.Revision;
import dev.outmail.settings.RevisionCodec;
import dev.outmail.settings.SenderWarnings;
import dev.outmail.settings.SettingsDiff;
import dev.outmail.settings.SettingsStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `outmail settings`.
@Command(
        name = "settings",
        description = "Shows and sets the outgoing-mail settings.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "(show | set | history | diff | restore | what-if)",
        subcommands = WhatIfCommand.class,
        sortOptions = false)
final class SettingsCommand {
    private static final String BASE = "Refuse if the settings are not at this revision any more";

    @Spec private @Nullable CommandSpec spec;

    @Command(
            name = "show",
            description = "Shows the settings of all profiles, or of one.",
            mixinStandardHelpOptions = true)
    int show(
            @Mixin KafkaOptions kafka,
            @Option(names = "--profile", paramLabel = "NAME", description = "Only this profile")
                    @Nullable String profile,
            @Option(names = "--json", description = "One JSON object a line, as on the topic")
                    boolean json)
            throws IOException, InterruptedException {
        var deployment = kafka.reachable();
        var profiles = store(deployment).read().profiles();
        var shown =
                profiles.values().stream()
                        .filter(p -> profile == null || p.profile().equals(profile))
                        .sorted(java.util.Comparator.comparing(ProfileSettings::profile))
                        .toList();
        if (shown.isEmpty()) {
            err().println(
                            profile == null
                                    ? "There are no settings: all mail is held. Save some with: outmail settings set"
                                    : "There is no profile '"
                                            + profile
                                            + "'; there is: "
                                            + profiles.keySet());
            err().flush();
            return Main.FAILED;
        }
        var locks = kafka.locks();
        for (var settings : shown) {
            SettingsView.print(out(), settings, json);
            if (!json) {
                locks.print(out(), settings);
            }
        }
        if (!json) {
            FleetLocks.print(out(), deployment, shown);
        }
        return Main.DONE;
    }

    @Command(
            name = "set",
            description = "Changes what is named and leaves the rest, as one new revision.",
            mixinStandardHelpOptions = true,
            sortOptions = false)
    int set(
            @Mixin KafkaOptions kafka,
            @Mixin ProfileOption profile,
            @Option(names = "--base", paramLabel = "REVISION", description = BASE)
                    @Nullable Long base,
            @Mixin AuthorOptions author,
            @Mixin WaitOptions wait,
            @Mixin SettingsChange change)
            throws IOException, InterruptedException {
        change.check();
        change.askForPassword(kafka, profile.name(), PasswordPrompt.atTerminal());
        var deployment = kafka.reachable();
        var store = store(deployment);
        var heeded = kafka.locks().heededBy(change::apply, profile.name());
        var saved = store.save(profile.name(), base, author.author(), heeded);
        return answer(deployment, store, base, saved, wait);
    }

    @Command(
            name = "history",
            description = "Shows what was changed in the settings: when, by whom, why.",
            mixinStandardHelpOptions = true,
            sortOptions = false)
    int history(
            @Mixin KafkaOptions kafka,
            @Option(names = "--profile", paramLabel = "NAME", description = "Only this profile")
                    @Nullable String profile,
            @Option(
                            names = "--last",
                            paramLabel = "N",
                            defaultValue = "20",
                            description = "Only the last N (default: ${DEFAULT-VALUE})")
                    int last,
            @Option(names = "--json", description = "One JSON object a line") boolean json)
            throws IOException, InterruptedException {
        if (last < 1) {
            throw Failure.wrongUsage("--last must be 1 or more");
        }
        var all =
                store(kafka).history().stream()
                        .filter(r -> profile == null || r.settings().profile().equals(profile))
                        .toList();
        if (all.isEmpty()) {
            err().println("There is no history" + (profile == null ? "" : " of " + profile));
            err().flush();
            return Main.FAILED;
        }
        for (var revision : all.subList(Math.max(0, all.size() - last), all.size())) {
            if (json) {
                out().println(RevisionCodec.toJson(revision));
            } else {
                SettingsView.print(out(), revision);
            }
        }
        out().flush();
        return Main.DONE;
    }

    @Command(
            name = "diff",
            description = "Shows what differs between two revisions of a profile's settings.",
            mixinStandardHelpOptions = true,
            sortOptions = false)
    int diff(
            @Mixin KafkaOptions kafka,
            @Mixin ProfileOption profile,
            @Parameters(
                            index = "0",
                            arity = "0..1",
                            paramLabel = "BEFORE",
                            description = "A revision (default: the one before the other)")
                    @Nullable Long before,
            @Parameters(
                            index = "1",
                            arity = "0..1",
                            paramLabel = "AFTER",
                            description = "A revision (default: the current one)")
                    @Nullable Long after)
            throws IOException, InterruptedException {
        var revisions = revisions(store(kafka), profile.name());
        long last = after == null ? revisions.lastKey() : after;
        var other = existing(revisions, profile.name(), last);
        var one = existing(revisions, profile.name(), before == null ? last - 1 : before);
        out().println(
                        "Profile "
                                + profile.name()
                                + ", revision "
                                + one.number()
                                + " -> "
                                + other.number());
        SettingsView.print(
                out(),
                SettingsDiff.between(one.settings().settings(), other.settings().settings()));
        return Main.DONE;
    }

    @Command(
            name = "restore",
            description = "Saves the settings of an earlier revision anew, as a new revision.",
            mixinStandardHelpOptions = true,
            sortOptions = false)
    int restore(
            @Mixin KafkaOptions kafka,
            @Mixin ProfileOption profile,
            @Mixin AuthorOptions author,
            @Option(names = "--base", paramLabel = "REVISION", description = BASE)
                    @Nullable Long base,
            @Mixin WaitOptions wait,
            @Parameters(
                            arity = "0..1",
                            paramLabel = "REVISION",
                            description = "The one to restore; see: outmail settings history")
                    @Nullable Long number)
            throws IOException, InterruptedException {
        if (number == null) {
            throw Failure.wrongUsage("Which revision? See: outmail settings history");
        }
        var deployment = kafka.reachable();
        var store = store(deployment);
        var wanted = existing(revisions(store, profile.name()), profile.name(), number);
        var said = author.author();
        var why = "restored revision " + number + (said.why().isEmpty() ? "" : ": " + said.why());
        var saved =
                store.save(
                        profile.name(),
                        base,
                        new Authorship(said.by(), why),
                        kafka.locks().heededBy(_ -> wanted.settings().settings(), profile.name()));
        return answer(deployment, store, base, saved, wait);
    }

    /// The revisions of a profile. A profile that was removed and made anew begins at 1 again; of
    /// the same number the later counts.
    private static NavigableMap<Long, Revision> revisions(SettingsStore store, String profile) {
        var revisions = new TreeMap<Long, Revision>();
        for (var revision : store.history()) {
            if (revision.settings().profile().equals(profile)) {
                revisions.put(revision.number(), revision);
            }
        }
        if (revisions.isEmpty()) {
            throw new Failure("There is no history of the profile '" + profile + "'");
        }
        return revisions;
    }

    private static Revision existing(
            NavigableMap<Long, Revision> revisions, String profile, long number) {
        var revision = revisions.get(number);
        if (revision == null) {
            throw new Failure(
                    "The profile '"
                            + profile
                            + "' has no revision "
                            + number
                            + "; history has "
                            + revisions.firstKey()
                            + " to "
                            + revisions.lastKey());
        }
        return revision;
    }

    private int answer(
            Deployment deployment,
            SettingsStore store,
            @Nullable Long base,
            SettingsStore.Saved saved,
            WaitOptions wait)
            throws InterruptedException {
        return switch (saved) {
            case SettingsStore.Saved.Ok ok -> {
                SettingsView.print(out(), ok.settings(), false);
                warn(store, ok.settings());
                yield wait.await(deployment, store, ok.settings(), out(), err());
            }
            case SettingsStore.Saved.Conflict conflict -> {
                conflict(store, base, conflict.current());
                yield Main.FAILED;
            }
        };
    }

    /// Of what is saved all the same.
    private void warn(SettingsStore store, ProfileSettings saved) {
        if (saved.settings().sender() != null) {
            SenderWarnings.of(saved, store.read())
                    .forEach(warning -> err().println("Warning: " + warning));
            err().flush();
        }
    }

    /// Says what changed meanwhile, as far as history has it.
    private void conflict(
            SettingsStore store, @Nullable Long base, @Nullable ProfileSettings current) {
        err().println("Not saved: another save came first.");
        if (current != null) {
            err().println("Now it is revision " + current.revision() + ". What changed meanwhile:");
            long seen = base == null ? current.revision() - 1 : base;
            store.history().stream()
                    .filter(r -> r.settings().profile().equals(current.profile()))
                    .filter(r -> r.number() > seen && r.number() <= current.revision())
                    .forEach(revision -> SettingsView.print(err(), revision));
            err().println("To save all the same: --base " + current.revision());
        }
        err().flush();
    }

    private static SettingsStore store(KafkaOptions kafka)
            throws IOException, InterruptedException {
        return store(kafka.reachable());
    }

    private static SettingsStore store(Deployment deployment) throws InterruptedException {
        var clients = KafkaOptions.clients(deployment);
        Preflight.settingsTopicsExist(deployment, clients);
        return new SettingsStore(clients, deployment.topics());
    }

    private PrintWriter out() {
        return Objects.requireNonNull(spec).commandLine().getOut();
    }

    private PrintWriter err() {
        return Objects.requireNonNull(spec).commandLine().getErr();
    }
}
