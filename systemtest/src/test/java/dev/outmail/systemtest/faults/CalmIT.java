package dev.outmail.systemtest.faults;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Nothing goes wrong: what the rig must find nothing in.
class CalmIT {
    @RegisterExtension static final FaultSuite SUITE = new FaultSuite();

    @Test
    void withoutFaultsEachMailArrivesOnce() {
        int mails = FaultSuite.sized(500, 50_000);
        try (var rig = SUITE.rig("no faults").set()) {
            rig.startWorkers(2);

            rig.publisher().publish(0, mails);
            rig.awaitDrained(FaultSuite.PATIENCE);

            var found = rig.findings().assertSound();
            assertThat(found.accepted()).isEqualTo(mails);
            assertThat(found.doubled()).isZero();
            assertThat(found.inDoubt()).isZero();
            assertThat(rig.ledger().size()).isEqualTo(mails);
        }
    }
}
