package dev.outmail.worker;

import dev.outmail.config.Deployment;
import dev.outmail.delivery.Breakers;
import dev.outmail.delivery.Transports;
import dev.outmail.fleet.FleetReporter;
import dev.outmail.fleet.Member;
import dev.outmail.settings.SettingsTail;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// This worker as one of the fleet: who it is and what it applied, for all who ask.
final class Presence implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Presence.class);

    /// Longer than a worker that Kafka gave up may still believe in its partitions: who is not
    /// waited for any more sends nothing any more.
    private static final Duration SILENCE = Duration.ofSeconds(10);

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Deployment deployment;
    private final Intake intake;
    private final Transports transports;
    private final SettingsTail settings;
    private final Breakers breakers;
    private final Instant since;
    private final FleetReporter reporter;

    Presence(
            Deployment deployment,
            Intake intake,
            Transports transports,
            SettingsTail settings,
            Breakers breakers,
            Instant since) {
        this.deployment = deployment;
        this.intake = intake;
        this.transports = transports;
        this.settings = settings;
        this.breakers = breakers;
        this.since = since;
        this.reporter =
                new FleetReporter(
                        deployment.clients("worker"),
                        deployment.topics().workers(),
                        deployment.worker().id(),
                        this::describe);
        transports.onApplied(reporter::changed);
        settings.onRefusal(reporter::changed);
    }

    /// Says who it is until closed.
    void report() {
        reporter.run();
    }

    private Member describe() {
        var session = deployment.worker().sessionTimeout();
        return new Member(
                deployment.worker().id(),
                Member.Kind.WORKER,
                Member.ownVersion(),
                deployment.hostName(),
                since,
                session.compareTo(SILENCE) > 0 ? session : SILENCE,
                intake.partitions(),
                intake.inFlight(),
                transports.applied(),
                settings.refused(),
                deployment.locks().all(),
                troubled());
    }

    private Map<String, String> troubled() {
        var troubled = new HashMap<String, String>();
        breakers.troubled().forEach((server, why) -> troubled.put(server, why.wireName()));
        return troubled;
    }

    /// Reads the settings once others know of this worker: whoever saves settings before that
    /// doesn't wait for it, and it reads them.
    void followSettings() {
        try {
            if (!reporter.awaitAnnounced(PATIENCE)) {
                log.atWarn()
                        .log(
                                "The worker goes on unannounced: who saves settings now can't tell whether it applies them");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        settings.run();
    }

    @Override
    public void close() {
        reporter.close();
    }
}
