package dev.outmail.systemtest.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.mail.MailEventBuilder;
import dev.outmail.testkit.Await;
import dev.outmail.testkit.smtp.Act;
import dev.outmail.testkit.smtp.Faults;
import dev.outmail.testkit.smtp.ScriptedSmtpServer;
import dev.outmail.wire.OutcomeName;
import java.time.Duration;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Servers that hang, flood, and are slow for some: T9, T17 and T22.
class SlowServerIT {
    @RegisterExtension static final FaultSuite SUITE = new FaultSuite();

    private static final Duration PATIENCE = FaultSuite.PATIENCE;
    private static final int LONGEST_DETAIL = 2_048;
    private static final Duration IN_TIME = Duration.ofSeconds(2);

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

    /// T17: what the server says is bounded in memory and in the log, and mail for another server
    /// does not notice. The heap is in memory from the start, so that what is resident grows by
    /// nothing else.
    @Test
    void aServerThatFloodsFillsNeitherMemoryNorLog() {
        int mails = FaultSuite.sized(200, 5_000);
        int others = FaultSuite.sized(200, 3_000);
        try (var other = ScriptedSmtpServer.start().offerPipelining();
                var rig =
                        SUITE.rig("T17 floods and resets")
                                .with("smtp.final-dot-timeout", "3s")
                                .retryScale(0.01)
                                .jvm("-Xms192m")
                                .jvm("-Xmx192m")
                                .jvm("-XX:+AlwaysPreTouch")
                                .set()) {
            rig.deliverTo("other", other);
            rig.startWorkers(1);
            var worker = rig.workers().getFirst();
            rig.publisher().publish(0, mails);
            rig.publisher().publish(mails, mails + others, SlowServerIT::forOther);
            rig.awaitDrained(PATIENCE);
            var held = worker.holdings();
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
            int first = mails + others;
            rig.publisher().publish(first, first + mails);
            rig.publisher()
                    .publishSteadily(
                            first + mails, first + mails + others, 100, SlowServerIT::forOther);
            double inTime = inTime(rig, first + mails, others);
            rig.awaitDrained(PATIENCE);

            long grown = (worker.residentKilobytes() - before) / 1_024;
            rig.measured(
                    "worker grew by %d MB; of the other server's mails %.3f in %d s"
                            .formatted(grown, inTime, IN_TIME.toSeconds()));
            var found = rig.findings().assertSound();
            assertThat(found.doubled()).isLessThanOrEqualTo(1);
            assertThat(rig.log().count(line -> line.detail().length() > LONGEST_DETAIL)).isZero();
            assertThat(grown).as("MB").isLessThanOrEqualTo(FaultSuite.isFull() ? 8 : 64);
            assertThat(inTime).as("of the other server's mails in time").isGreaterThan(0.95);
            worker.awaitNoMoreThan(held, PATIENCE);
        }
    }

    private static MailEventBuilder forOther(MailEventBuilder mail, int number) {
        return mail.to("user-" + number + "@example.org").profile("other");
    }

    /// Of these mails, the share that was sent soon after it was accepted.
    private static double inTime(Rig rig, int first, int count) {
        Await.until(
                PATIENCE,
                () ->
                        IntStream.range(first, first + count)
                                .allMatch(n -> rig.log().hasEnded(rig.publisher().id(n))),
                "the other server has its mails");
        long soon =
                IntStream.range(first, first + count)
                        .mapToObj(n -> rig.publisher().id(n))
                        .filter(id -> wasSoon(rig, id))
                        .count();
        return (double) soon / count;
    }

    private static boolean wasSoon(Rig rig, String id) {
        var accepted = Objects.requireNonNull(rig.publisher().accepted().get(id)).at();
        var sent = rig.log().of(id).getLast().at();
        return Duration.between(accepted, sent).compareTo(IN_TIME) <= 0;
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

    /// T22: at most half the slots wait for one domain. What they are compared with is no cold
    /// worker, and the tarpit alone takes ten minutes for its mails, ten at a time. Where they are
    /// many, places are as many as by default: with twenty, as for the few, the ten that the tarpit
    /// has are half of what the worker has for all.
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
                        .with("worker.max-in-flight", FaultSuite.isFull() ? "1000" : "20")
                        .connections(20)
                        .set()) {
            rig.server().faults(faults);
            rig.startWorkers(1);
            timeFor(rig, faults, 0, mails, false);
            rig.awaitDrained(PATIENCE);

            var alone = timeFor(rig, faults, mails, mails, false);
            var beside = timeFor(rig, faults, 2 * mails, mails, true);
            rig.awaitDrained(PATIENCE.multipliedBy(2));

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
