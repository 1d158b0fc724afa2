package dev.outmail.worker.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class LedgerEntryTest {
    @ParameterizedTest
    @EnumSource
    void allStagesFitInALongWithTheirLargestNumbers(Stage stage) {
        for (int attempt : new int[] {0, 1, LedgerEntry.MAX_ATTEMPT}) {
            for (long offset : new long[] {0, 1, LedgerEntry.MAX_OFFSET}) {
                var entry = new LedgerEntry(stage, attempt, offset);

                assertThat(LedgerEntry.unpacked(entry.packed())).isEqualTo(entry);
                assertThat(entry.packed()).isNotZero();
            }
        }
    }

    @RepeatedTest(100)
    void anyEntryFitsInALong() {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        var entry =
                new LedgerEntry(
                        Ids.anyOf(Stage.values(), random),
                        random.nextInt(LedgerEntry.MAX_ATTEMPT + 1),
                        random.nextLong(LedgerEntry.MAX_OFFSET + 1));

        assertThat(LedgerEntry.unpacked(entry.packed())).as("seed %d", seed).isEqualTo(entry);
    }

    @Test
    void nothingIsNoEntry() {
        assertThat(LedgerEntry.unpacked(0)).isNull();
    }

    @Test
    void moreAttemptsThanThereCanBeCountAsTheMost() {
        assertThat(new LedgerEntry(Stage.STARTED, Integer.MAX_VALUE, 1))
                .isEqualTo(new LedgerEntry(Stage.STARTED, LedgerEntry.MAX_ATTEMPT, 1));
    }

    @Test
    void numbersThatCannotBeAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LedgerEntry(Stage.STARTED, -1, 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LedgerEntry(Stage.STARTED, 1, -1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LedgerEntry(Stage.STARTED, 1, LedgerEntry.MAX_OFFSET + 1));
    }

    @ParameterizedTest(name = "{2}({3}) after {0}({1}): {4}")
    @CsvSource({
        // an attempt as it goes
        "STARTED, 1, STARTED, 1, true",
        "STARTED, 1, WAITING, 1, true",
        "STARTED, 1, SETTLED, 1, true",
        "STARTED, 1, HELD,    1, true",
        "WAITING, 1, STARTED, 2, true",
        "HELD,    1, STARTED, 2, true",
        "SETTLED, 1, STARTED, 2, true",
        "WAITING, 1, SETTLED, 2, true",
        // not counted after all
        "STARTED, 1, WAITING, 0, true",
        "STARTED, 3, WAITING, 2, true",
        "WAITING, 0, STARTED, 1, true",
        // it came out that an attempt in doubt was none
        "WAITING, 1, SETTLED, 1, true",
        "HELD,    1, SETTLED, 1, true",
        // late words of a worker that had lost the partition
        "SETTLED, 1, STARTED, 1, false",
        "WAITING, 1, STARTED, 1, false",
        "HELD,    1, STARTED, 1, false",
        "SETTLED, 1, WAITING, 1, false",
        "SETTLED, 1, WAITING, 0, false",
        "WAITING, 1, WAITING, 0, false",
        "STARTED, 2, STARTED, 1, false",
        "STARTED, 2, SETTLED, 1, false",
        "STARTED, 3, WAITING, 1, false",
        "SETTLED, 2, SETTLED, 1, false"
    })
    void aRecordIsNewsOnlyWhenItIsFurther(
            Stage stage, int attempt, Stage laterStage, int laterAttempt, boolean news) {
        var known = new LedgerEntry(stage, attempt, 7);
        var later = new LedgerEntry(laterStage, laterAttempt, 9);

        assertThat(later.supersedes(known)).isEqualTo(news);
    }
}
