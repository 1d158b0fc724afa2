package dev.outmail.cli;

import dev.outmail.mail.MailEvent;
import dev.outmail.settings.ProfileSettings;
import dev.outmail.settings.SettingsCodec;
import dev.outmail.settings.SettingsStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `outmail settings`.
@Command(
        name = "settings",
        description = "Shows and sets the outgoing-mail settings.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "(show | set)",
        sortOptions = false)
final class SettingsCommand {
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
        var profiles = store(kafka).read().profiles();
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
        shown.forEach(settings -> print(settings, json));
        return Main.DONE;
    }

    @Command(
            name = "set",
            description = "Changes what is named and leaves the rest, as one new revision.",
            mixinStandardHelpOptions = true,
            sortOptions = false)
    int set(
            @Mixin KafkaOptions kafka,
            @Option(
                            names = "--profile",
                            paramLabel = "NAME",
                            defaultValue = MailEvent.DEFAULT_PROFILE,
                            converter = SettingOptions.ProfileName.class,
                            description = "Which profile (default: ${DEFAULT-VALUE})")
                    String profile,
            @Option(
                            names = "--base",
                            paramLabel = "REVISION",
                            description =
                                    "Refuse if the settings are not at this revision any more")
                    @Nullable Long base,
            @Mixin SettingsChange change)
            throws IOException, InterruptedException {
        change.check();
        return switch (store(kafka).save(profile, base, change::apply)) {
            case SettingsStore.Saved.Ok saved -> {
                print(saved.settings(), false);
                yield Main.DONE;
            }
            case SettingsStore.Saved.Conflict conflict -> {
                err().println("Not saved: another save came first.");
                var current = conflict.current();
                if (current != null) {
                    err().println(
                                    "Now it is revision "
                                            + current.revision()
                                            + ":\n"
                                            + SettingsCodec.toPrettyJson(current));
                }
                err().flush();
                yield Main.FAILED;
            }
        };
    }

    private static SettingsStore store(KafkaOptions kafka)
            throws IOException, InterruptedException {
        var deployment = kafka.reachable();
        var clients = KafkaOptions.clients(deployment);
        Preflight.topicsExist(deployment, clients);
        return new SettingsStore(clients, deployment.topics());
    }

    private void print(ProfileSettings settings, boolean json) {
        if (json) {
            out().println(
                            new String(
                                    SettingsCodec.encode(settings),
                                    java.nio.charset.StandardCharsets.UTF_8));
        } else {
            out().println("Profile " + settings.profile() + ", revision " + settings.revision());
            out().println(SettingsCodec.toPrettyJson(settings));
        }
        out().flush();
    }

    private PrintWriter out() {
        return Objects.requireNonNull(spec).commandLine().getOut();
    }

    private PrintWriter err() {
        return Objects.requireNonNull(spec).commandLine().getErr();
    }
}
