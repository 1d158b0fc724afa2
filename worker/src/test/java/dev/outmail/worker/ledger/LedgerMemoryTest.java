package dev.outmail.worker.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
        assertThat(memory.start(ID))
                .isEqualTo(
                        new LedgerMemory.Start(
                                new LedgerEntry(Stage.STARTED, 2, 9),
                                NOON.plusSeconds(1),
                                Settled.NONE,
                                LedgerRecord.ANY));
    }

    /// One worker is frozen before its records leave; its successor makes the attempt meanwhile.
    @ParameterizedTest(name = "a wait after attempt {0}")
    @ValueSource(ints = {0, 1})
    void aFormerOwnersWaitDoesNotEndWhatItsSuccessorBegan(int counted) {
        replay(new LedgerRecord(Stage.STARTED, 1, 5).withBeginning(22), 0);
        replay(new LedgerRecord(Stage.STARTED, 1, 5).withBeginning(11), 1);

        replay(new LedgerRecord(Stage.WAITING, counted, 5).withBeginning(11), 2);
        assertThat(memory.find(ID)).isEqualTo(new LedgerEntry(Stage.STARTED, 1, 5));

        replay(new LedgerRecord(Stage.SETTLED, 1, 5), 3);
        assertThat(memory.find(ID)).isEqualTo(new LedgerEntry(Stage.SETTLED, 1, 5));
    }

    @Test
    void whoeverBeganAnAttemptEndsItWithAWait() {
        replay(new LedgerRecord(Stage.STARTED, 1, 5).withBeginning(11), 0);
        replay(new LedgerRecord(Stage.WAITING, 0, 5).withBeginning(11), 1);
        assertThat(memory.find(ID)).isEqualTo(new LedgerEntry(Stage.WAITING, 0, 5));

        replay(new LedgerRecord(Stage.STARTED, 1, 5).withBeginning(22), 2);
        replay(new LedgerRecord(Stage.STARTED, 1, 5).withBeginning(22), 3);
        replay(new LedgerRecord(Stage.WAITING, 1, 5).withBeginning(22), 4);

        assertThat(memory.find(ID)).isEqualTo(new LedgerEntry(Stage.WAITING, 1, 5));
        assertThat(memory.starts()).isZero();
    }

    @Test
    void anAttemptThatStartedKnowsSinceWhenAndWhoIsSettled() {
        var settled = new Settled(Map.of());
        replay(new LedgerRecord(Stage.STARTED, 1, 5), 0);
        replay(new LedgerRecord(new LedgerEntry(Stage.STARTED, 1, 5), settled), 20);

        var entry = new LedgerEntry(Stage.STARTED, 1, 5);
        assertThat(memory.start(ID))
                .isEqualTo(
                        new LedgerMemory.Start(
                                entry, NOON.plusSeconds(20), settled, LedgerRecord.ANY));
    }

    @Test
    void anAttemptThatIsOverNeedsNoMoreThanItsEntry() {
        replay(new LedgerRecord(Stage.STARTED, 1, 5), 0);

        replay(new LedgerRecord(Stage.SETTLED, 1, 5), 1);

        assertThat(memory.starts()).isZero();
    }

    @Test
    void anAttemptThatIsNotOverOutlastsTheWindow() {
        replay(new LedgerRecord(Stage.STARTED, 1, 5), 0);

        for (int number = 0; number < 5_000; number++) {
            memory.replay(
                    Ids.hash(1_000 + number),
                    new LedgerRecord(Stage.SETTLED, 1, 6 + number),
                    NOON.plus(Duration.ofDays(3)).toEpochMilli() + number);
        }

        assertThat(memory.size()).as("the table has forgotten").isLessThanOrEqualTo(800);
        assertThat(memory.find(ID)).isEqualTo(new LedgerEntry(Stage.STARTED, 1, 5));
        replay(new LedgerRecord(Stage.SETTLED, 1, 5), 300_000);
        assertThat(memory.find(ID)).isEqualTo(new LedgerEntry(Stage.SETTLED, 1, 5));
        assertThat(memory.starts()).isZero();
    }

    @Test
    void attemptsThatNeverEndAreBounded() {
        for (int number = 0; number < LedgerMemory.MAX_STARTS + 10; number++) {
            memory.replay(
                    Ids.hash(number),
                    new LedgerRecord(Stage.STARTED, 1, number),
                    NOON.toEpochMilli() + number);
        }

        assertThat(memory.starts()).isEqualTo(LedgerMemory.MAX_STARTS);
        assertThat(memory.find(Ids.hash(0))).as("the oldest").isNull();
    }

    private void replay(LedgerRecord record, int second) {
        memory.replay(ID, record, NOON.plusSeconds(second).toEpochMilli());
    }
}
