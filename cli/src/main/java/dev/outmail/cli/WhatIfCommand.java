package dev.outmail.cli;

import dev.outmail.config.Deployment;
import dev.outmail.delivery.WhatIf;
import dev.outmail.kafka.TopicReader;
import dev.outmail.settings.ProfileSettings;
import dev.outmail.settings.Settings;
import dev.outmail.settings.SettingsSnapshot;
import dev.outmail.settings.SettingsStore;
import dev.outmail.wire.EventCodec;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `outmail settings what-if`.
@Command(
        name = "what-if",
        description = {
            "Shows what would have become of the events of late by other settings.",
            "Sends nothing and saves nothing. Whether a server takes a mail, it can't know.",
            "What all workers lock by their deployment counts; what some lock is told."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class WhatIfCommand implements Callable<Integer> {
    @Mixin private KafkaOptions kafka = new KafkaOptions();
    @Mixin private ProfileOption profile = new ProfileOption();

    @Option(
            names = "--since",
            paramLabel = "TIME",
            defaultValue = "24h",
            converter = Moment.class,
            description =
                    "Events accepted since then: an instant, or how long ago (default: ${DEFAULT-VALUE})")
    private Instant since = Instant.EPOCH;

    @Option(names = "--json", description = "One JSON object")
    private boolean json;

    @Mixin private SettingsChange change = new SettingsChange();

    @Spec private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        change.askForPassword(kafka, profile.name(), PasswordPrompt.atTerminal());
        var deployment = kafka.reachable();
        var clients = KafkaOptions.clients(deployment);
        Preflight.topicsExist(deployment, clients);
        var current = new SettingsStore(clients, deployment.topics()).read();
        var err = Objects.requireNonNull(spec).commandLine().getErr();
        var locks = FleetLocks.ofAllWorkers(deployment, err);
        var whatIf = new WhatIf(locks.applyTo(current), locks.applyTo(proposed(current)));
        read(deployment, whatIf, err);
        var out = spec.commandLine().getOut();
        if (json) {
            out.println(WhatIfView.toJson(whatIf, since));
        } else {
            WhatIfView.print(out, whatIf, since);
        }
        out.flush();
        return Main.DONE;
    }

    /// As the next revision, which it would have.
    private SettingsSnapshot proposed(SettingsSnapshot current) {
        var before = current.profile(profile.name());
        var settings = change.apply(before.map(ProfileSettings::settings).orElse(Settings.INITIAL));
        var profiles = new HashMap<>(current.profiles());
        long revision = before.map(ProfileSettings::revision).orElse(0L) + 1;
        profiles.put(profile.name(), new ProfileSettings(profile.name(), revision, settings));
        return new SettingsSnapshot(profiles);
    }

    private void read(Deployment deployment, WhatIf whatIf, PrintWriter err) {
        var codec = new EventCodec(deployment.limits());
        var consumer = KafkaOptions.clients(deployment).consumer("events", Map.of());
        try (var events = new TopicReader(consumer, deployment.topics().events())) {
            var starts = events.since(since);
            try (var progress = Progress.of("Events read", between(starts, events.ends()), err)) {
                events.toEnd(
                        starts,
                        record -> {
                            whatIf.add(
                                    codec.decode(record.value(), record.headers()),
                                    Instant.ofEpochMilli(record.timestamp()));
                            progress.step();
                        });
            }
        }
    }

    private static long between(Map<TopicPartition, Long> starts, Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream()
                .mapToLong(end -> end.getValue() - starts.getOrDefault(end.getKey(), 0L))
                .sum();
    }
}
