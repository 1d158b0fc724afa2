package dev.outmail.cli;

import dev.outmail.config.Deployment;
import dev.outmail.fleet.Applied;
import dev.outmail.fleet.FleetView;
import dev.outmail.settings.ProfileSettings;
import dev.outmail.settings.SettingsStore;
import java.io.PrintWriter;
import java.time.Duration;
import picocli.CommandLine.Option;

/// Whether a save waits until it is applied.
final class WaitOptions {
    @Option(
            names = "--wait",
            paramLabel = "DURATION",
            defaultValue = "PT10S",
            converter = SettingOptions.Period.class,
            description = {
                "How long to wait until all workers and applications go by it, and no",
                "message is under way by anything earlier; PT0S not at all (default: ${DEFAULT-VALUE})"
            })
    private Duration wait = Duration.ofSeconds(10);

    /// Waits, says what came of it, and returns the exit code: a save that not all apply is saved
    /// all the same.
    int await(
            Deployment deployment,
            SettingsStore store,
            ProfileSettings saved,
            PrintWriter out,
            PrintWriter err)
            throws InterruptedException {
        if (wait.isZero() || wait.isNegative()) {
            return Main.DONE;
        }
        var clients = KafkaOptions.clients(deployment);
        var topics = deployment.topics();
        if (!Preflight.isThere(topics.workers(), clients)) {
            err.println(
                    "Saved. Nobody can say who applies it: there is no topic "
                            + topics.workers()
                            + " (create it with: outmail topics apply), or it may not be seen (outmail topics acls)");
            err.flush();
            return Main.DONE;
        }
        try (var fleet = new FleetView(clients, topics)) {
            var savedAt = store.awaitReadable(saved);
            var applied =
                    Applied.await(
                            fleet,
                            saved.profile(),
                            saved.revision(),
                            savedAt,
                            wait,
                            System::nanoTime);
            boolean byAll = applied.laggards().isEmpty();
            var said = FleetText.of(fleet, applied, saved.profile(), saved.revision());
            (byAll ? out : err).println(byAll ? said : "Saved, but not applied by all. " + said);
            (byAll ? out : err).flush();
            return byAll ? Main.DONE : Main.FAILED;
        }
    }
}
