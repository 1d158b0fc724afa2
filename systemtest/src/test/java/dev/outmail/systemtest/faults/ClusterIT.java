package dev.outmail.systemtest.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.testkit.kafka.KafkaCluster;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;

/// T5: three brokers, of which one is killed time and again, then two at once. In full size only.
@EnabledIfSystemProperty(named = "outmail.test.faults", matches = "true")
class ClusterIT {
    @RegisterExtension static final FaultSuite SUITE = new FaultSuite();

    private static final Duration PATIENCE = FaultSuite.PATIENCE;
    private static final int KILLS = 10;

    /// For as long as brokers are killed.
    private static final int MAILS = 30_000;

    /// For longer than two are down.
    private static final int MORE = 4_000;

    @Test
    void aClusterThatLosesBrokersLosesNothingThatItAcknowledged() {
        try (var cluster = KafkaCluster.start(SUITE.folder("cluster"), 3);
                var rig =
                        SUITE.rig("T5 three brokers", cluster.bootstrapServers())
                                .replicas(3)
                                .with("smtp.final-dot-timeout", "5s")
                                .set()) {
            rig.startWorkers(2);
            var publishing = rig.publishInBackground(MAILS, 100);
            for (int i = 0; i < KILLS; i++) {
                restart(rig, cluster, i % 3);
            }
            // How long the kills took depends on the machine: what follows has mails of its own.
            Rig.join(publishing, PATIENCE);
            int failedBefore = rig.publisher().failed().size();
            var meanwhile = rig.publishInBackground(MAILS, MAILS + MORE, 100, Publisher.TO_ONE);
            cluster.kill(0);
            cluster.kill(1);
            Rig.pause(Duration.ofSeconds(30));
            int failed = rig.publisher().failed().size() - failedBefore;
            cluster.startAgain(0);
            cluster.startAgain(1);
            cluster.awaitInStep(0);
            cluster.awaitInStep(1);
            Rig.join(meanwhile, PATIENCE);
            rig.awaitDrained(PATIENCE);

            var publisher = rig.publisher();
            rig.measured(
                    "%d not accepted with one broker down, %d with two, longest publish %d ms"
                            .formatted(failedBefore, failed, publisher.longestFuture().toMillis()));
            var found = rig.findings().assertSound();
            assertThat(failed).as("said to fail while two are down").isPositive();
            assertThat(publisher.longestFuture()).isLessThan(Duration.ofMillis(5_500));
            assertThat(found.doubled()).isLessThanOrEqualTo(found.inDoubt());
            assertThat(rig.records().repeatedEvents(rig.topics().events()))
                    .as("published twice by a retry")
                    .isZero();
        }
    }

    private static void restart(Rig rig, KafkaCluster cluster, int broker) {
        cluster.kill(broker);
        rig.pauseAbout(Duration.ofSeconds(2));
        cluster.startAgain(broker);
        cluster.awaitInStep(broker);
    }
}
