package dev.outmail.systemtest.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.systemtest.OutmailCommand.Ran;
import dev.outmail.testkit.smtp.SinkLine;
import dev.outmail.wire.OutcomeName;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// T24: two operators replay the same dead letters at once, and once more.
class ReplayIT {
    @RegisterExtension static final FaultSuite SUITE = new FaultSuite();

    private static final Duration PATIENCE = FaultSuite.PATIENCE;

    @Test
    void deadLettersThatTwoReplayAreSentOnce() {
        int mails = FaultSuite.sized(50, 1_000);
        try (var rig = SUITE.rig("T24 dead letters replayed by two").set()) {
            rig.server().on("RCPT", "550 5.1.1 no such user");
            rig.startWorkers(1);
            rig.publisher().publish(0, mails);
            rig.awaitDrained(PATIENCE);
            assertThat(rig.records().all(rig.topics().deadLetters())).hasSize(mails);
            rig.server().behave();

            var replays = List.of(replayIn(rig), replayIn(rig));
            replays.forEach(replay -> assertThat(replay.join().exitCode()).isZero());
            rig.awaitAtServer(mails, PATIENCE);
            replayIn(rig).join();
            rig.awaitDrained(PATIENCE);

            rig.findings();
            var copies =
                    rig.ledger().lines().stream()
                            .collect(Collectors.groupingBy(SinkLine::id, Collectors.counting()));
            assertThat(copies).hasSize(mails).allSatisfy((id, count) -> assertThat(count).isOne());
            assertThat(rig.log().count(OutcomeName.SENT)).isEqualTo(mails);
        }
    }

    private static CompletableFuture<Ran> replayIn(Rig rig) {
        Function<Rig, Ran> replay =
                r -> r.command("dead-letters", "replay", "--reason", "unknown-recipient", "--yes");
        return CompletableFuture.supplyAsync(() -> replay.apply(rig));
    }
}
