package dev.outmail.worker.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LedgerMemoryTest {
    private static final IdentityHash ID = Ids.hash(1);
    private static final Instant NOON = Instant.parse("2026-01-15T12:00:00Z");

    private final LedgerMemory memory = new LedgerMemory(new Window(Duration.ofDays(1), 800));

    @Test
    void theLastRecordOfAnEventCounts() {
        replay(new LedgerRecord(Stage.STARTED, 1, 5), 0);
        replay(new LedgerRecord(Stage.WAITING, 1, 5), 1);
        replay(new LedgerRecord(Stage.STARTED, 2, 9), 2);
        replay(new LedgerRecord(Stage.SETTLED, 2, 9), 3);

        assertThat(memory.find(ID)).isEqualTo(new LedgerEntry(Stage.SETTLED, 2, 9));
        assertThat(memory.size()).isOne();
    }

    @Test
    void lateWordsOfAnEarlierOwnerChangeNothing() {
        replay(new LedgerRecord(Stage.STARTED, 1, 5), 0);
        replay(new LedgerRecord(Stage.STARTED, 2, 9), 1);

        replay(new LedgerRecord(Stage.SETTLED, 1, 5), 2);

        assertThat(memory.find(ID)).isEqualTo(new LedgerEntry(Stage.STARTED, 2, 9));
        assertThat(memory.start(ID).at()).isEqualTo(NOON.plusSeconds(1));
    }

    @Test
    void anAttemptThatStartedKnowsSinceWhenAndWhoIsSettled() {
        var settled = new Settled(Map.of());
        replay(new LedgerRecord(Stage.STARTED, 1, 5), 0);
        replay(new LedgerRecord(new LedgerEntry(Stage.STARTED, 1, 5), settled), 20);

        assertThat(memory.start(ID))
                .isEqualTo(new LedgerMemory.Start(NOON.plusSeconds(20), settled));
    }

    @Test
    void anAttemptThatIsOverNeedsNoMoreThanItsEntry() {
        replay(new LedgerRecord(Stage.STARTED, 1, 5), 0);

        replay(new LedgerRecord(Stage.SETTLED, 1, 5), 1);

        assertThat(memory.starts()).isZero();
    }

    @Test
    void attemptsThatNeverEndAreForgottenWithTheirEntries() {
        for (int number = 0; number < 10_000; number++) {
            memory.replay(
                    Ids.hash(number),
                    new LedgerRecord(Stage.STARTED, 1, number),
                    NOON.toEpochMilli() + number);
        }

        assertThat(memory.starts()).isEqualTo(memory.size()).isLessThanOrEqualTo(800);
    }

    private void replay(LedgerRecord record, int second) {
        memory.replay(ID, record, NOON.plusSeconds(second).toEpochMilli());
    }
}
