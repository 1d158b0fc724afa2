package dev.outmail.cli;

import dev.outmail.fleet.FleetView;
import dev.outmail.fleet.MemberCodec;
import dev.outmail.fleet.Sighting;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `outmail fleet`.
@Command(
        name = "fleet",
        description =
                "Shows who is alive, workers and applications that are connected, and what they applied.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class FleetCommand implements Callable<Integer> {
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(30);

    /// Longer than from one report of a member to its next: who is alive says so meanwhile, and by
    /// that it is known what time it is.
    private static final Duration A_REPORT = Duration.ofSeconds(4);

    private static final Duration POLL = Duration.ofMillis(50);

    @Mixin private KafkaOptions kafka = new KafkaOptions();

    @Option(names = "--json", description = "One JSON object a line")
    private boolean json;

    @Spec private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        var deployment = kafka.reachable();
        var clients = KafkaOptions.clients(deployment);
        Preflight.topicExists(deployment.topics().workers(), clients);
        try (var fleet = new FleetView(clients, deployment.topics())) {
            fleet.read(READ_TIMEOUT);
            return answer(fleet, awaitReport(fleet));
        }
    }

    /// Who is alive; nobody, where nobody says anything.
    private static List<Sighting> awaitReport(FleetView fleet) {
        var lastSeen = fleet.now();
        long deadline = System.nanoTime() + A_REPORT.toNanos();
        while (fleet.now().equals(lastSeen)) {
            if (System.nanoTime() - deadline > 0) {
                return List.of();
            }
            fleet.poll(POLL);
        }
        return fleet.alive();
    }

    private int answer(FleetView fleet, List<Sighting> alive) {
        var commandLine = Objects.requireNonNull(spec).commandLine();
        if (alive.isEmpty()) {
            commandLine.getErr().println("Nobody is alive: start a worker with: outmail worker");
            commandLine.getErr().flush();
            return Main.FAILED;
        }
        var out = commandLine.getOut();
        for (var member : alive) {
            out.println(json ? MemberCodec.toJson(member) : FleetText.of(fleet, member));
        }
        out.flush();
        return Main.DONE;
    }
}
