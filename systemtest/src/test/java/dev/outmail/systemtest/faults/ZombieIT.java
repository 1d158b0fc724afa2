package dev.outmail.systemtest.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.testkit.Await;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// T2: a worker frozen (SIGSTOP) until others have its partitions, then thawed.
class ZombieIT {
    @RegisterExtension static final FaultSuite SUITE = new FaultSuite();

    private static final int SLOTS = 16;
    private static final Duration PATIENCE = FaultSuite.PATIENCE;

    @Test
    void aThawedWorkerEndsNoMessageBeforeItIsBackInTheGroup() {
        int stops = FaultSuite.sized(1, 3);
        var frozen = Duration.ofSeconds(FaultSuite.sized(10, 60));
        int perSecond = FaultSuite.sized(50, 100);
        int mails = (int) (perSecond * (frozen.toSeconds() + 5) * stops);
        try (var rig =
                SUITE.rig("T2 worker frozen x" + stops)
                        .with("worker.max-in-flight", String.valueOf(SLOTS))
                        .with("worker.session-timeout", "6s")
                        .with("smtp.final-dot-timeout", "3s")
                        .set()) {
            rig.startWorkers(2);

            var publishing = rig.publishInBackground(mails, perSecond);
            long newDots = 0;
            for (int i = 0; i < stops; i++) {
                rig.pauseAbout(Duration.ofSeconds(1));
                newDots += dotsOfAThawedWorker(rig, rig.anyWorker(), frozen);
            }
            Rig.join(publishing, PATIENCE);
            rig.awaitDrained(PATIENCE);

            rig.measured("new final dots %d".formatted(newDots));
            var found = rig.findings().assertSound();
            assertThat(newDots).isZero();
            assertThat(found.doubled()).isLessThanOrEqualTo(stops * SLOTS);
        }
    }

    /// How many messages it ended from the moment that it was thawed until it was in the group
    /// again.
    private static long dotsOfAThawedWorker(Rig rig, WorkerProcess worker, Duration frozen) {
        long assignments = worker.assignments();
        worker.freeze();
        Rig.pause(frozen);
        int before = rig.ledger().size();
        var thawed = Instant.now();
        worker.thaw();
        Await.until(
                PATIENCE,
                () -> worker.assignments() > assignments,
                () -> "back in the group: " + worker.program().output());
        return rig.ledger().linesFrom(before).stream()
                .filter(line -> line.client().equals(worker.ehlo()) && line.at().isAfter(thawed))
                .count();
    }
}
