package dev.outmail.systemtest.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.testkit.smtp.Act;
import dev.outmail.testkit.smtp.Faults;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// T6: a server that puts off three mails in ten, at every stage.
class TemporaryRefusalsIT {
    @RegisterExtension static final FaultSuite SUITE = new FaultSuite();

    private static final double SCALE = FaultSuite.isFull() ? 0.01 : 0.002;

    /// One mail in ten thousand is put off seven times and more, which takes five minutes.
    private static final Duration PATIENCE = Duration.ofMinutes(FaultSuite.sized(6, 20));

    /// What the log has is the brokers' clock as a worker knows it, which each acknowledgement may
    /// set right by some milliseconds; the wait between goes by the monotonic one.
    private static final Duration SET_RIGHT = Duration.ofMillis(10);

    /// The first retry comes after a minute, less a fifth.
    private static final Duration EARLIEST =
            Duration.ofMillis((long) (60_000 * 0.8 * SCALE)).minus(SET_RIGHT);

    @Test
    void whatIsPutOffIsTriedAgainInTimeAndAsOftenAsItWasPutOff() {
        int mails = FaultSuite.sized(200, 20_000);
        // after which the server is left alone for a while
        double busy = FaultSuite.isFull() ? 0.1 : 0;
        var faults =
                new Faults(FaultSuite.seed())
                        .byChance("greeting", busy, "CONNECT", Act.reply("421 4.3.2 busy"))
                        .byChance("sender", 0.1, "MAIL", Act.reply("451 4.3.0 later"))
                        .byChance("recipient", 0.1, "RCPT", Act.reply("450 4.2.0 later"))
                        .byChance("dot", 0.1, ".", Act.reply("452 4.3.1 later"));
        try (var rig = SUITE.rig("T6 three in ten put off").retryScale(SCALE).set()) {
            rig.server().faults(faults);
            rig.startWorkers(1);
            var worker = rig.workers().getFirst();

            rig.publisher().publish(0, mails / 2);
            rig.awaitDrained(PATIENCE);
            var held = worker.holdings();
            rig.publisher().publish(mails / 2, mails);
            rig.awaitDrained(PATIENCE);

            int putOff =
                    faults.played("sender") + faults.played("recipient") + faults.played("dot");
            rig.measured("%.2f attempts a mail".formatted(1 + (double) putOff / mails));
            var found = rig.findings().assertSound();
            assertThat(found.accepted()).isEqualTo(mails);
            assertThat(found.doubled()).isZero();
            assertThat(rig.records().all(rig.topics().deadLetters())).isEmpty();
            assertThat(attempts(rig)).as("attempts").isEqualTo(mails + putOff);
            assertThat(rig.log().earliestRetry()).as("first retry").isGreaterThan(EARLIEST);
            worker.awaitNoMoreThan(held, PATIENCE);
        }
    }

    private static int attempts(Rig rig) {
        return rig.publisher().accepted().keySet().stream()
                .mapToInt(id -> rig.log().of(id).getLast().attempt())
                .sum();
    }
}
