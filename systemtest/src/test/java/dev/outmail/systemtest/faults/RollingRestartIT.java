package dev.outmail.systemtest.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.testkit.smtp.Act;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// T3: workers told to stop (SIGTERM) one after the other, as a deployment does it.
class RollingRestartIT {
    @RegisterExtension static final FaultSuite SUITE = new FaultSuite();

    private static final Duration PATIENCE = FaultSuite.PATIENCE;

    @Test
    void workersThatAreToldToStopLoseAndDoubleNothing() {
        int mails = FaultSuite.sized(1_200, 30_000);
        int restarts = FaultSuite.sized(2, 30);
        try (var rig =
                SUITE.rig("T3 worker told to stop x" + restarts)
                        .partitions(8)
                        .with("worker.max-in-flight", "16")
                        .set()) {
            rig.server().on(".", Act.after(Duration.ofMillis(20), Act.reply("250 2.0.0 taken")));
            rig.startWorkers(2);

            var publishing = rig.publishInBackground(mails, FaultSuite.sized(200, 250));
            var stops = new ArrayList<WorkerProcess.Stopped>();
            for (int i = 0; i < restarts; i++) {
                rig.pauseAbout(Duration.ofMillis(500));
                stops.add(rig.anyWorker().terminate());
                rig.startWorker().awaitMember();
            }
            Rig.join(publishing, PATIENCE);
            rig.awaitDrained(PATIENCE);

            var longest =
                    stops.stream()
                            .map(WorkerProcess.Stopped::took)
                            .max(Comparator.naturalOrder())
                            .orElseThrow();
            rig.measured("longest stop %d ms".formatted(longest.toMillis()));
            var found = rig.findings().assertSound();
            assertThat(found.accepted()).isEqualTo(mails);
            assertThat(found.doubled()).isZero();
            assertThat(stops).allMatch(stop -> stop.exitCode() == 0);
            assertThat(longest).isLessThan(Duration.ofSeconds(10));
        }
    }
}
