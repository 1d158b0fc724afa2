package dev.outmail.systemtest.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.testkit.smtp.Act;
import dev.outmail.testkit.smtp.Faults;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// T1: workers killed at any moment (SIGKILL), others started in their place.
class WorkerKilledIT {
    @RegisterExtension static final FaultSuite SUITE = new FaultSuite();

    private static final int SLOTS = 16;
    private static final Duration PATIENCE = FaultSuite.PATIENCE;

    @Test
    void killedWorkersLoseNothingAndDoubleOnlyWhatIsInDoubt() {
        int mails = FaultSuite.sized(2_000, 50_000);
        int kills = FaultSuite.sized(2, 20);
        try (var rig =
                SUITE.rig("T1 worker killed x" + kills)
                        .partitions(8)
                        .with("worker.max-in-flight", String.valueOf(SLOTS))
                        .with("worker.session-timeout", "6s")
                        .with("smtp.final-dot-timeout", "5s")
                        .connections(3 * SLOTS)
                        .set()) {
            rig.server().on(".", Act.after(Duration.ofMillis(20), Act.reply("250 2.0.0 taken")));
            rig.startWorkers(FaultSuite.sized(2, 3));

            var publishing = rig.publishInBackground(mails, FaultSuite.sized(300, 385));
            for (int i = 0; i < kills; i++) {
                rig.pauseBetween(
                        Duration.ofMillis(FaultSuite.sized(1_500, 3_000)),
                        Duration.ofMillis(FaultSuite.sized(3_000, 8_000)));
                rig.anyWorker().kill();
                rig.offsets().check();
                Rig.pause(Duration.ofSeconds(1));
                rig.startWorker();
            }
            Rig.join(publishing, PATIENCE);
            rig.awaitDrained(PATIENCE);

            var found = rig.findings().assertSound();
            assertThat(found.accepted()).isEqualTo(mails);
            assertThat(found.doubled()).isLessThanOrEqualTo(FaultSuite.sized(kills * SLOTS, 60));
        }
    }

    /// T1b: mails that take long hold back the committed offset, with much done behind it.
    @Test
    void whatWasDoneBehindASlowMailIsNotDoneAgain() {
        int mails = FaultSuite.sized(500, 20_000);
        var slow = Duration.ofSeconds(FaultSuite.sized(6, 60));
        var faults =
                new Faults(0)
                        .forAddresses(
                                "slow", "+slow@", 1, ".", Act.after(slow, Act.reply("250 ok")));
        try (var rig =
                SUITE.rig("T1b killed behind slow mails")
                        .with("worker.max-in-flight", "64")
                        .with("worker.session-timeout", "6s")
                        .with("smtp.final-dot-timeout", slow.toSeconds() + 3 + "s")
                        .set()) {
            rig.server().faults(faults);
            rig.startWorkers(1);

            rig.publisher().publish(0, 8, (mail, n) -> mail.to("u" + n + "+slow@example.org"));
            rig.publisher().publish(8, mails);
            rig.awaitAtServer(mails, PATIENCE);
            rig.workers().getFirst().kill();
            var next = rig.startWorker();
            rig.awaitDrained(PATIENCE.plus(slow));
            // what waits for its retry is not without an owner for longer than what is new
            next.awaitSaid("Delay partitions assigned", Duration.ofSeconds(20));

            var found = rig.findings().assertSound();
            assertThat(found.doubled()).isLessThanOrEqualTo(64);
        }
    }
}
