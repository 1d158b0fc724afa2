package dev.outmail.cli;

import dev.outmail.config.Deployment;
import dev.outmail.fleet.FleetView;
import dev.outmail.fleet.Member;
import dev.outmail.fleet.Sighting;
import dev.outmail.settings.Locks;
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
        members(deployment).forEach(member -> print(out, member, profiles));
        out.flush();
    }

    /// What every worker locks alike, which counts whatever is saved.
    ///
    /// @param err is told of it, and of what only some lock
    static Locks ofAllWorkers(Deployment deployment, PrintWriter err) throws InterruptedException {
        var workers = workers(deployment);
        var common = new TreeMap<String, String>();
        workers.stream().findFirst().ifPresent(first -> common.putAll(first.locks()));
        workers.forEach(worker -> common.entrySet().retainAll(worker.locks().entrySet()));
        common.forEach((lock, value) ->
                err.println("Locked at all workers, which counts: " + lock + " = " + value));
        for (var worker : workers) {
            var others = new TreeMap<>(worker.locks());
            others.entrySet().removeAll(common.entrySet());
            others.forEach((lock, value) ->
                    err.println(
                            "Locked at some only, which does not count: %s = %s at %s"
                                    .formatted(lock, value, worker.id())));
        }
        err.flush();
        return Locks.told(common);
    }

    private static List<Member> workers(Deployment deployment) throws InterruptedException {
        return members(deployment).stream()
                .filter(member -> member.kind() == Member.Kind.WORKER)
                .toList();
    }

    /// All that are alive; nobody where the fleet can't be asked.
    private static List<Member> members(Deployment deployment) throws InterruptedException {
        var clients = KafkaOptions.clients(deployment);
        if (!Preflight.isThere(deployment.topics().workers(), clients)) {
            return List.of();
        }
        try (var fleet = new FleetView(clients, deployment.topics())) {
            fleet.read(READ_TIMEOUT);
            return fleet.alive().stream().map(Sighting::member).toList();
        }
    }

    private static void print(PrintWriter out, Member member, List<ProfileSettings> profiles) {
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
