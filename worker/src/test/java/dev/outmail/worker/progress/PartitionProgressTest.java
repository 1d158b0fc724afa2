package dev.outmail.worker.progress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PartitionProgressTest {
    private static final int RUNS = 500;
    private static final int STEPS = 400;

    @Test
    void beforeTheFirstRecordThereIsNothingToCommit() {
        var progress = new PartitionProgress();

        assertThat(progress.movedOn()).isFalse();
        assertThat(progress.committable()).isNegative();
    }

    @Test
    void anUnfinishedRecordHoldsTheOffsetBack() {
        var progress = begun(5, 6, 7);

        progress.complete(6);
        progress.complete(7);
        assertThat(progress.committable()).isEqualTo(5);
        progress.complete(5);

        assertThat(progress.committable()).isEqualTo(8);
    }

    @Test
    void offsetsThatNoRecordHasAreSkipped() {
        var progress = begun(5, 9);

        progress.complete(5);

        assertThat(progress.committable()).isEqualTo(9);
    }

    @Test
    void whatIsCommittedNeedNotBeCommittedAgain() {
        var progress = begun(5);
        progress.complete(5);

        progress.committed(6);

        assertThat(progress.movedOn()).isFalse();
    }

    @Test
    void aLateAcknowledgementOfAnEarlierCommitTakesNothingBack() {
        var progress = begun(5, 6);
        progress.complete(5);
        progress.complete(6);

        progress.committed(7);
        progress.committed(6);

        assertThat(progress.movedOn()).isFalse();
    }

    @Test
    void aRecordCannotComeTwice() {
        var progress = begun(5, 6);

        assertThat(progress.hasSeen(6)).isTrue();
        assertThat(progress.hasSeen(7)).isFalse();
        assertThatIllegalArgumentException().isThrownBy(() -> progress.begin(6, 0));
    }

    @Test
    void aRecordCannotBeCompletedTwice() {
        var progress = begun(5);

        progress.complete(5);

        assertThatIllegalArgumentException().isThrownBy(() -> progress.complete(5));
    }

    static LongStream seeds() {
        return new Random().longs(RUNS);
    }

    /// The model knows all offsets and which are done, and looks for the answer by brute force.
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void inWhateverOrderRecordsEndNoUnfinishedOneIsPassed(long seed) {
        var random = new Random(seed);
        var progress = new PartitionProgress();
        var begun = new ArrayList<Long>();
        var unfinished = new ArrayList<Long>();
        long next = random.nextInt(1_000);
        long committed = -1;
        long last = -1;

        for (int step = 0; step < STEPS; step++) {
            switch (random.nextInt(5)) {
                case 0, 1 -> {
                    next += gap(random);
                    progress.begin(next, next);
                    begun.add(next);
                    unfinished.add(next);
                    next++;
                }
                case 2, 3 -> {
                    if (!unfinished.isEmpty()) {
                        progress.complete(unfinished.remove(random.nextInt(unfinished.size())));
                    }
                }
                default -> {
                    committed = progress.committable();
                    progress.committed(committed);
                }
            }
            assertThat(progress.committable())
                    .as("step %d", step)
                    .isEqualTo(expected(begun, unfinished))
                    .isGreaterThanOrEqualTo(last);
            assertThat(progress.movedOn()).isEqualTo(progress.committable() > committed);
            assertThat(progress.unfinished()).isEqualTo(unfinished.size());
            assertThat(progress.oldestMillis().orElse(-1))
                    .isEqualTo(unfinished.stream().mapToLong(Long::longValue).min().orElse(-1));
            last = progress.committable();
        }
        unfinished.forEach(progress::complete);

        assertThat(progress.committable()).isEqualTo(begun.isEmpty() ? -1 : begun.getLast() + 1);
    }

    private static int gap(RandomGenerator random) {
        return random.nextInt(4) == 0 ? random.nextInt(10) : 0;
    }

    private static long expected(List<Long> begun, List<Long> unfinished) {
        return unfinished.stream()
                .min(Comparator.naturalOrder())
                .orElseGet(() -> begun.isEmpty() ? -1 : begun.getLast() + 1);
    }

    private static PartitionProgress begun(long... offsets) {
        var progress = new PartitionProgress();
        LongStream.of(offsets).forEach(offset -> progress.begin(offset, offset));
        return progress;
    }
}
