package dev.outmail.systemtest.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.testkit.Await;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// T30: the workers' offsets are gone, as after a long pause, and all events come again; and events
/// wait for longer than their topic is to keep them.
class OffsetsLostIT {
    @RegisterExtension static final FaultSuite SUITE = new FaultSuite();

    private static final Duration PATIENCE = FaultSuite.PATIENCE;

    @Test
    void eventsThatComeAgainAreKnown() {
        int mails = FaultSuite.sized(300, 20_000);
        try (var rig = SUITE.rig("T30 offsets deleted").set()) {
            rig.startWorkers(1);
            rig.publisher().publish(0, mails);
            rig.awaitDrained(PATIENCE);
            rig.workers().getFirst().terminate();

            OffsetWatch.answer(
                    rig.records()
                            .admin()
                            .deleteConsumerGroups(List.of(rig.topics().workerGroup()))
                            .all());
            rig.publisher().publish(mails, mails + 100);
            rig.startWorker();
            rig.awaitDrained(PATIENCE);

            var found = rig.findings().assertSound();
            assertThat(found.accepted()).isEqualTo(mails + 100);
            assertThat(found.doubled()).isZero();
        }
    }

    @Test
    void whoWaitsForHalfTheRetentionIsSpokenOf() {
        var retention = Duration.ofSeconds(FaultSuite.sized(10, 60));
        int mails = FaultSuite.sized(100, 1_000);
        try (var rig = SUITE.rig("T30 retention shorter than a pause").set()) {
            rig.records().keepFor(rig.topics().events(), retention);
            rig.server().stop();
            rig.startWorkers(1);

            rig.publisher().publish(0, mails);
            rig.workers()
                    .getFirst()
                    .awaitSaid("Kafka may delete them undelivered", retention.plusSeconds(10));
            Await.until(
                    retention.multipliedBy(2),
                    () -> rig.records().deleted(rig.topics().events()) >= mails,
                    () ->
                            "Kafka deletes all events; it deleted "
                                    + rig.records().deleted(rig.topics().events()));
            rig.server().startAgain();
            rig.awaitDrained(PATIENCE);

            var found = rig.findings().assertSound();
            assertThat(found.accepted()).isEqualTo(mails);
            assertThat(found.doubled()).isZero();
        }
    }
}
