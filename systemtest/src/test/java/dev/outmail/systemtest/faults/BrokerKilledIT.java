package dev.outmail.systemtest.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// T4: the broker killed (SIGKILL) and started again while events are published and delivered.
class BrokerKilledIT {
    @RegisterExtension static final FaultSuite SUITE = new FaultSuite();

    private static final Duration PATIENCE = FaultSuite.PATIENCE;

    @Test
    void aKilledBrokerLosesNothingThatItAcknowledged() {
        int kills = FaultSuite.sized(1, 10);
        int perSecond = FaultSuite.sized(50, 200);
        int mails = FaultSuite.sized(500, 30_000);
        try (var rig =
                SUITE.rig("T4 broker killed x" + kills)
                        .with("smtp.final-dot-timeout", "5s")
                        .set()) {
            rig.startWorkers(2);

            var publishing = rig.publishInBackground(mails, perSecond);
            for (int i = 0; i < kills; i++) {
                rig.pauseAbout(Duration.ofSeconds(2));
                SUITE.kafka().kill();
                SUITE.kafka().startAgain();
            }
            Rig.join(publishing, PATIENCE);
            rig.awaitDrained(PATIENCE);

            var publisher = rig.publisher();
            rig.measured(
                    "%d not accepted, longest call %d ms (%d ms of them starved), longest publish %d ms"
                            .formatted(
                                    publisher.failed().size(),
                                    publisher.longestCall().toMillis(),
                                    publisher.starvedInLongestCall().toMillis(),
                                    publisher.longestFuture().toMillis()));
            var found = rig.findings().assertSound();
            assertThat(found.accepted() + publisher.failed().size()).isEqualTo(mails);
            assertThat(publisher.longestFuture()).isLessThan(Duration.ofMillis(5_500));
            assertThat(publisher.longestCall())
                    .as("longest call; %s of it starved", publisher.starvedInLongestCall())
                    .isLessThan(Duration.ofMillis(600));
            assertThat(found.doubled()).isLessThanOrEqualTo(found.inDoubt());
            assertThat(rig.records().repeatedEvents(rig.topics().events()))
                    .as("published twice by a retry")
                    .isZero();
        }
    }
}
