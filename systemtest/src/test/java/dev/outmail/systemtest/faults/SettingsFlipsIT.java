package dev.outmail.systemtest.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.settings.Connection;
import dev.outmail.testkit.smtp.SinkLine;
import dev.outmail.wire.OutcomeName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// T12: the connection changes under load, again and again: SMTP, Silent, Disabled.
class SettingsFlipsIT {
    @RegisterExtension static final FaultSuite SUITE = new FaultSuite();

    private static final Duration PATIENCE = FaultSuite.PATIENCE;
    private static final int FLIPS = FaultSuite.sized(12, 200);
    private static final int PER_SECOND = 200;

    /// Until the others know that a frozen worker is gone, and more.
    private static final Duration UNTIL_GONE = Duration.ofSeconds(20);

    private final List<Duration> propagations = new ArrayList<>();
    private int published;

    @Test
    void nothingLeavesOnceAllHaveAppliedThatNothingLeaves() {
        try (var rig = SUITE.rig("T12 settings changed x" + FLIPS).set()) {
            rig.startWorkers(2);
            int violations = 0;
            for (int flip = 0; flip < FLIPS; flip++) {
                if (flip == FLIPS / 3) {
                    rig.startWorker();
                }
                boolean frozen = FaultSuite.isFull() && flip == FLIPS / 2;
                violations += frozen ? flipWithOneFrozen(rig) : flip(rig, flip);
            }
            var end = rig.apply(rig.plain(rig.server().port()), PATIENCE);
            assertThat(end.laggards()).isEmpty();
            rig.awaitDrained(PATIENCE);

            rig.measured(
                    "%d after all had applied; applied after p50 %d, p99 %d, at most %d ms; sent %d, silenced %d, dropped %d"
                            .formatted(
                                    violations,
                                    propagation(0.5),
                                    propagation(0.99),
                                    propagation(1),
                                    rig.log().count(OutcomeName.SENT),
                                    rig.log().count(OutcomeName.SILENCED),
                                    rig.log().count(OutcomeName.DROPPED)));
            rig.findings().assertSound();
            assertThat(violations).isZero();
            assertThat(unsent(rig)).doesNotContainAnyElementsOf(arrived(rig)).isNotEmpty();
            if (FaultSuite.isFull()) {
                assertThat(propagation(0.99)).isLessThanOrEqualTo(1_000);
                assertThat(propagation(1)).isLessThanOrEqualTo(3_000);
            }
        }
    }

    /// How many transactions reach the content after all had applied a connection by which nothing
    /// leaves.
    private int flip(Rig rig, int flip) {
        var connection =
                switch (flip % 3) {
                    case 0 -> rig.plain(rig.server().port());
                    case 1 -> new Connection.Silent();
                    default -> new Connection.Disabled();
                };
        var publishing = publish(rig);
        var applied = rig.apply(connection, PATIENCE);
        assertThat(applied.laggards()).isEmpty();
        propagations.add(applied.took());
        int before = rig.server().commands("DATA");
        Rig.join(publishing, PATIENCE);
        return connection instanceof Connection.SmtpServer
                ? 0
                : rig.server().commands("DATA") - before;
    }

    /// Publishes for some seconds, by chance how many.
    private Thread publish(Rig rig) {
        int first = published;
        published += FaultSuite.sized(60, 200) + rig.random().nextInt(FaultSuite.sized(140, 800));
        return rig.publishInBackground(first, published, PER_SECOND, Publisher.TO_ONE);
    }

    /// The same, and one of the workers is thawed when all others had applied it: how many messages
    /// it ends.
    private int flipWithOneFrozen(Rig rig) {
        assertThat(rig.apply(rig.plain(rig.server().port()), PATIENCE).laggards()).isEmpty();
        var publishing = publish(rig);
        rig.pauseBetween(Duration.ofMillis(300), Duration.ofMillis(900));
        var worker = rig.anyWorker();
        worker.freeze();
        var applied = rig.apply(new Connection.Silent(), UNTIL_GONE);
        assertThat(applied.laggards()).as("those that are not frozen").isEmpty();
        int before = rig.ledger().size();
        worker.thaw();
        Rig.join(publishing, PATIENCE);
        Rig.pause(Duration.ofSeconds(10));
        return rig.ledger().size() - before;
    }

    private long propagation(double share) {
        var sorted = propagations.stream().sorted().toList();
        int index = (int) Math.ceil(share * sorted.size()) - 1;
        return sorted.get(Math.max(0, index)).toMillis();
    }

    private static Set<String> unsent(Rig rig) {
        return rig.log().ids().stream()
                .filter(id ->
                        rig.log().of(id).stream()
                                .anyMatch(line ->
                                        line.outcome() == OutcomeName.SILENCED
                                                || line.outcome() == OutcomeName.DROPPED))
                .collect(Collectors.toSet());
    }

    private static Set<String> arrived(Rig rig) {
        return rig.ledger().lines().stream().map(SinkLine::id).collect(Collectors.toSet());
    }
}
