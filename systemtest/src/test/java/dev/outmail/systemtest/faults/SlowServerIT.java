package dev.outmail.systemtest.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.testkit.Await;
import dev.outmail.testkit.smtp.Act;
import dev.outmail.testkit.smtp.Faults;
import dev.outmail.wire.OutcomeName;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Servers that hang, flood, and are slow for some: T9, T17 and T22.
class SlowServerIT {
    @RegisterExtension static final FaultSuite SUITE = new FaultSuite();

    private static final Duration PATIENCE = FaultSuite.PATIENCE;
    private static final int LONGEST_DETAIL = 2_048;

    /// T9.
    @Test
    void aServerThatHangsAtQuitHoldsUpNothing() {
        int mails = FaultSuite.sized(200, 1_000);
        try (var rig = SUITE.rig("T9 hangs at QUIT").set()) {
            rig.server().on("QUIT", Act.hang());
            rig.startWorkers(1);

            rig.publisher().publish(0, mails);
            rig.awaitDrained(PATIENCE);
            var stopped = rig.workers().getFirst().terminate();

            rig.measured("stopped in %d ms".formatted(stopped.took().toMillis()));
            var found = rig.findings().assertSound();
            assertThat(found.doubled()).isZero();
            assertThat(rig.log().count(line -> line.outcome() != OutcomeName.SENT)).isZero();
            assertThat(stopped.exitCode()).isZero();
            assertThat(stopped.took()).isLessThan(Duration.ofSeconds(10));
        }
    }

    /// T17: what the server says is bounded in memory and in the log.
    @Test
    void aServerThatFloodsFillsNeitherMemoryNorLog() {
        int mails = FaultSuite.sized(200, 5_000);
        try (var rig =
                SUITE.rig("T17 floods and resets")
                        .with("smtp.final-dot-timeout", "3s")
                        .retryScale(0.01)
                        .set()) {
            rig.startWorkers(1);
            var worker = rig.workers().getFirst();
            rig.publisher().publish(0, mails);
            rig.awaitDrained(PATIENCE);
            long before = worker.residentKilobytes();

            rig.server().stop();
            rig.server()
                    .once("CONNECT", Act.flood("220-", 48 << 20))
                    .once("RCPT", Act.flood("450 ", 48 << 20))
                    .once(".", Act.reset());
            if (FaultSuite.isFull()) {
                beWorse(rig);
            }
            rig.server().startAgain();
            rig.publisher().publish(mails, 2 * mails);
            rig.awaitDrained(PATIENCE);

            long grown = (worker.residentKilobytes() - before) / 1_024;
            rig.measured("worker grew by %d MB".formatted(grown));
            var found = rig.findings().assertSound();
            assertThat(found.doubled()).isLessThanOrEqualTo(1);
            assertThat(rig.log().count(line -> line.detail().length() > LONGEST_DETAIL)).isZero();
            assertThat(grown).as("MB").isLessThan(64);
        }
    }

    /// What takes long, as the server is left alone for longer each time.
    private static void beWorse(Rig rig) {
        rig.server()
                .once("CONNECT", Act.endlessly("220-there is more"))
                .once("CONNECT", Act.slowly(Duration.ofSeconds(1), "220 " + "x".repeat(70)))
                .once("EHLO", Act.flood("250-", 48 << 20))
                .once("MAIL", Act.reset())
                .once("DATA", Act.reset())
                .once("CONTENT", Act.afterReading(10, Act.reset()));
    }

    /// T22: at most half the slots wait for one domain.
    @Test
    void aSlowDomainHoldsUpNoOther() {
        int mails = FaultSuite.sized(1_000, 20_000);
        var slow = Duration.ofSeconds(FaultSuite.sized(3, 30));
        var faults =
                new Faults(0)
                        .forAddresses(
                                "tarpit",
                                "@tarpit.example",
                                Integer.MAX_VALUE,
                                ".",
                                Act.after(slow, Act.reply("250 2.0.0 at last")));
        try (var rig =
                SUITE.rig("T22 one in a hundred to a tarpit")
                        .with("worker.max-in-flight", "20")
                        .connections(20)
                        .set()) {
            rig.server().faults(faults);
            rig.startWorkers(1);
            rig.publisher().publish(0, 500);
            rig.awaitDrained(PATIENCE);

            var alone = timeFor(rig, faults, 500, mails, false);
            var beside = timeFor(rig, faults, 500 + mails, mails, true);
            rig.awaitDrained(PATIENCE);

            double kept = (double) alone.toNanos() / beside.toNanos();
            rig.measured("%.2f of the throughput kept".formatted(kept));
            var found = rig.findings().assertSound();
            assertThat(found.doubled()).isZero();
            assertThat(kept).as("throughput kept").isGreaterThan(FaultSuite.isFull() ? 0.9 : 0.5);
        }
    }

    /// How long it takes until all but those to the tarpit are at the server.
    private static Duration timeFor(Rig rig, Faults faults, int first, int mails, boolean tarpit) {
        int wanted = others(rig, faults) + (tarpit ? mails - mails / 100 : mails);
        long started = System.nanoTime();
        rig.publisher()
                .publish(
                        first,
                        first + mails,
                        (mail, n) ->
                                mail.to(
                                        tarpit && n % 100 == 0
                                                ? "u" + n + "@tarpit.example"
                                                : "u" + n + "@example.org"));
        Await.until(
                PATIENCE,
                () -> others(rig, faults) >= wanted,
                () -> wanted + " to others; there are " + others(rig, faults));
        return Duration.ofNanos(System.nanoTime() - started);
    }

    private static int others(Rig rig, Faults faults) {
        return rig.ledger().size() - faults.played("tarpit");
    }
}
