package dev.outmail.preferences;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.settings.Timing;
import java.util.HashMap;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TimingTableTest {
    private static final int RUNS = 20;

    private final TimingTable table = new TimingTable();

    static LongStream seeds() {
        return new Random().longs(RUNS);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void itIsAMap(long seed) {
        var random = new Random(seed);
        var model = new HashMap<Long, Timing>();
        var hashes = clusteredHashes(random);

        for (int step = 0; step < 5_000; step++) {
            long hash = hashes[random.nextInt(hashes.length)];
            if (random.nextInt(3) == 0) {
                table.remove(hash);
                model.remove(key(hash));
            } else {
                var timing = random.nextBoolean() ? Timing.INSTANTLY : Timing.IN_BACKGROUND;
                table.put(hash, timing);
                model.put(key(hash), timing);
            }
        }

        assertThat(table.size()).isEqualTo(model.size());
        for (long hash : hashes) {
            assertThat(table.find(hash)).isEqualTo(model.get(key(hash)));
        }
    }

    /// Many that want the same place, around the end too, where the search goes on at the
    /// beginning; some that differ in the lowest bit only, and those that look like a free cell.
    private static long[] clusteredHashes(Random random) {
        var hashes = new long[800];
        for (int i = 0; i < hashes.length; i++) {
            hashes[i] =
                    switch (random.nextInt(5)) {
                        case 0 -> -1L - random.nextInt(60);
                        case 1 -> ((long) random.nextInt(20) << 57) + random.nextInt(40);
                        case 2 -> random.nextInt(4);
                        default -> random.nextLong();
                    };
        }
        return hashes;
    }

    /// Hashes that are taken for one.
    private static long key(long hash) {
        long key = hash & ~1L;
        return key == 0 ? 2 : key;
    }

    @Test
    void whatWasNeverPutIsNotThere() {
        assertThat(table.find(42)).isNull();
        table.remove(42);
        assertThat(table.size()).isZero();
    }

    @Test
    void anotherTimingTakesThePlaceOfTheOneBefore() {
        table.put(42, Timing.INSTANTLY);
        table.put(42, Timing.IN_BACKGROUND);

        assertThat(table.find(42)).isEqualTo(Timing.IN_BACKGROUND);
        assertThat(table.size()).isOne();
    }

    /// Measured all along, as it grows by leaps: at most 22 bytes, and while it grows half as much
    /// again.
    @Test
    void anEntryTakesAtMost22Bytes() {
        var random = new Random(1);
        double worst = 0;

        for (int number = 1; number <= 300_000; number++) {
            table.put(random.nextLong(), Timing.INSTANTLY);
            if (number >= 1_000) {
                worst = Math.max(worst, (double) table.bytes() / table.size());
            }
        }

        assertThat(table.size()).isEqualTo(300_000);
        assertThat(worst).isLessThan(22);
    }
}
