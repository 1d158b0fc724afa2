package dev.outmail.systemtest.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.settings.Connection;
import dev.outmail.settings.Connection.SmtpServer;
import dev.outmail.testkit.net.BlackHole;
import dev.outmail.testkit.smtp.Act;
import dev.outmail.wire.OutcomeName;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// T10: the mail server is away for a while, in the ways that servers are.
class ServerDownIT {
    @RegisterExtension static final FaultSuite SUITE = new FaultSuite();

    private static final Duration PATIENCE = FaultSuite.PATIENCE;

    /// Probes are at most this far apart.
    private static final Duration LONGEST_PROBE = Duration.ofSeconds(60);

    private static final int MOST_ATTEMPTS = 12;

    enum Down {
        REFUSED,
        BLACK_HOLE,
        NO_NAME,
        RESET,
        GREETING_554,
        GREETING_421;

        int attempts(int connections, ConnectionAttempts others) {
            return switch (this) {
                case REFUSED -> others.refused();
                case BLACK_HOLE -> others.unanswered();
                case NO_NAME, RESET, GREETING_554, GREETING_421 -> connections;
            };
        }
    }

    static Set<Down> ways() {
        return FaultSuite.sized(EnumSet.of(Down.GREETING_421), Down.class);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void aServerThatIsAwayCostsNoMailAnAttempt(Down down) throws Exception {
        var away = Duration.ofSeconds(FaultSuite.sized(12, 120));
        int backlog = FaultSuite.sized(300, 20_000);
        int perSecond = FaultSuite.sized(20, 100);
        int steady = (int) (perSecond * away.toSeconds());
        try (var rig = SUITE.rig("T10 server " + down).set()) {
            rig.startWorkers(2);
            rig.publisher().publish(0, backlog);
            rig.awaitDrained(PATIENCE);
            int before = rig.ledger().size();
            var normal = Pace.of(rig.ledger().lines());
            int connections = rig.server().connections();

            var hole = goAway(rig, down);
            int tried;
            try (var others = new ConnectionAttempts(rig.server().port())) {
                rig.publisher().publish(backlog, 2 * backlog);
                rig.publisher().publishSteadily(2 * backlog, 2 * backlog + steady, perSecond);
                tried = down.attempts(rig.server().connections() - connections, others);
            } finally {
                hole.close();
            }
            long back = System.nanoTime();
            comeBack(rig, down);
            rig.awaitAtServer(before + 1, LONGEST_PROBE.plusSeconds(15));
            long first = Duration.ofNanos(System.nanoTime() - back).toMillis();
            rig.awaitDrained(PATIENCE);

            var drain = Pace.of(rig.ledger().linesFrom(before));
            double kept = drain.perSecond() / normal.perSecond();
            rig.measured(
                    "%d attempts in %d s, first mail after %d ms, then %.2f of the normal rate, peak %.2f"
                            .formatted(
                                    tried,
                                    away.toSeconds(),
                                    first,
                                    kept,
                                    (double) drain.peak() / normal.peak()));
            var found = rig.findings().assertSound();
            assertThat(found.doubled()).isZero();
            assertThat(tried)
                    .as("attempts to connect")
                    .isBetween(down == Down.NO_NAME ? 0 : 1, MOST_ATTEMPTS);
            assertThat(
                            rig.log()
                                    .count(line ->
                                            line.outcome() == OutcomeName.SENT
                                                    && line.attempt() > 1))
                    .as("attempts counted")
                    .isZero();
            assertThat(rig.records().all(rig.topics().deadLetters())).isEmpty();
            if (FaultSuite.isFull()) {
                assertThat(kept).as("rate after the return").isGreaterThan(0.9);
                assertThat(drain.peak()).as("most in a second").isLessThan(2 * normal.peak());
            }
        }
    }

    private static AutoCloseable goAway(Rig rig, Down down) {
        switch (down) {
            case REFUSED -> rig.server().stop();
            case BLACK_HOLE -> {
                rig.server().stop();
                return BlackHole.at(rig.server().port());
            }
            case NO_NAME ->
                    rig.save(
                            new SmtpServer(
                                    "mail.invalid", 25, Connection.Security.NONE, null, 24, null));
            case RESET -> turnAway(rig, Act.reset());
            case GREETING_554 -> turnAway(rig, Act.reply("554 5.3.2 no service here"));
            case GREETING_421 -> turnAway(rig, Act.reply("421 4.3.2 too busy"));
        }
        return () -> {};
    }

    /// Who is connected already is thrown out.
    private static void turnAway(Rig rig, Act greeting) {
        rig.server().stop();
        rig.server().on("CONNECT", greeting);
        rig.server().startAgain();
    }

    private static void comeBack(Rig rig, Down down) {
        switch (down) {
            case REFUSED, BLACK_HOLE -> rig.server().startAgain();
            case NO_NAME -> rig.deliverTo(rig.server().port());
            case RESET, GREETING_554, GREETING_421 -> rig.server().behave();
        }
    }
}
