package dev.outmail.cli;

import dev.outmail.config.Deployment;
import dev.outmail.fleet.FleetView;
import dev.outmail.fleet.Sighting;
import dev.outmail.settings.ProfileSettings;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;

/// Fields of settings that workers and applications pin by their own deployments, as they say.
final class FleetLocks {
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(30);

    private FleetLocks() {}

    /// Those of these profiles; nothing where the fleet can't be asked.
    static void print(PrintWriter out, Deployment deployment, List<ProfileSettings> profiles)
            throws InterruptedException {
        var clients = KafkaOptions.clients(deployment);
        if (!Preflight.isThere(deployment.topics().workers(), clients)) {
            return;
        }
        try (var fleet = new FleetView(clients, deployment.topics())) {
            fleet.read(READ_TIMEOUT);
            fleet.alive().forEach(member -> print(out, member, profiles));
        }
        out.flush();
    }

    private static void print(PrintWriter out, Sighting sighting, List<ProfileSettings> profiles) {
        var member = sighting.member();
        new TreeMap<>(member.locks())
                .forEach((lock, value) -> {
                    var profile = lock.substring(0, Math.max(0, lock.indexOf('/')));
                    if (profile.equals("*")
                            || profiles.stream().anyMatch(p -> p.profile().equals(profile))) {
                        out.println("Locked at " + member.id() + ": " + lock + " = " + value);
                    }
                });
    }
}
