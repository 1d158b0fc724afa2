package dev.outmail.systemtest.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// T30: the workers' offsets are gone, as after a long pause, and all events come again.
class OffsetsLostIT {
    @RegisterExtension static final FaultSuite SUITE = new FaultSuite();

    private static final Duration PATIENCE = FaultSuite.PATIENCE;

    @Test
    void eventsThatComeAgainAreKnown() {
        int mails = FaultSuite.sized(1_000, 20_000);
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
}
