package dev.outmail.systemtest.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.testkit.smtp.Act;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// T21: workers come and go all the time, at a server that takes its time.
class RebalanceStormIT {
    @RegisterExtension static final FaultSuite SUITE = new FaultSuite();

    private static final Duration PATIENCE = FaultSuite.PATIENCE;

    @Test
    void workersThatComeAndGoLoseNothing() {
        int rounds = FaultSuite.sized(2, 30);
        int mails = FaultSuite.sized(600, 12_000);
        var slow = Duration.ofMillis(FaultSuite.sized(500, 2_000));
        try (var rig =
                SUITE.rig("T21 rebalances x" + 2 * rounds)
                        .with("worker.max-in-flight", "100")
                        .with("smtp.final-dot-timeout", "10s")
                        .connections(200)
                        .set()) {
            rig.server().on(".", Act.after(slow, Act.reply("250 2.0.0 taken")));
            rig.startWorkers(1);

            var publishing = rig.publishInBackground(mails, FaultSuite.sized(100, 40));
            for (int i = 0; i < rounds; i++) {
                var guest = rig.startWorker().awaitMember();
                Rig.pause(Duration.ofSeconds(FaultSuite.sized(1, 5)));
                assertThat(guest.terminate().exitCode()).isZero();
            }
            Rig.join(publishing, PATIENCE);
            rig.awaitDrained(PATIENCE);

            var found = rig.findings().assertSound();
            assertThat(found.accepted()).isEqualTo(mails);
            assertThat(found.doubled()).isZero();
        }
    }
}
