package dev.outmail.worker.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LedgerTableTest {
    private static final int RUNS = 20;
    private static final Duration DAY = Duration.ofDays(1);
    private static final long HOUR = Duration.ofHours(1).toMillis();

    static LongStream seeds() {
        return new Random().longs(RUNS);
    }

    @Test
    void whatWasNeverPutIsNotThere() {
        var table = new LedgerTable(new Window(DAY, 1_000));

        assertThat(table.find(Ids.hash(1))).isZero();
        assertThat(table.size()).isZero();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aSliceIsAMap(long seed) {
        var random = new Random(seed);
        var slice = new Slice(0);
        var model = new HashMap<IdentityHash, Long>();
        var ids = clusteredIds(random);

        for (int step = 0; step < 5_000; step++) {
            var id = ids[random.nextInt(ids.length)];
            if (random.nextInt(3) == 0) {
                assertThat(slice.remove(id)).isEqualTo(model.remove(id) != null);
            } else {
                long packed = random.nextLong() | 1;
                slice.put(id, packed);
                model.put(id, packed);
            }
        }

        assertThat(slice.size()).isEqualTo(model.size());
        for (var id : ids) {
            assertThat(slice.find(id)).isEqualTo(model.getOrDefault(id, 0L));
        }
    }

    /// Many that want the same place, around the end too, where the search goes on at the
    /// beginning.
    private static IdentityHash[] clusteredIds(Random random) {
        var ids = new IdentityHash[800];
        for (int i = 0; i < ids.length; i++) {
            long high = random.nextInt(4) == 0 ? random.nextLong() : random.nextInt(1_000);
            long low =
                    switch (random.nextInt(3)) {
                        case 0 -> -1L - random.nextInt(3);
                        case 1 -> (long) random.nextInt(20) << 57;
                        default -> random.nextLong();
                    };
            ids[i] = new IdentityHash(high, low);
        }
        return ids;
    }

    /// As long as nothing is forgotten, a table is a map, whatever is put into which slice.
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void withinTheWindowATableIsAMap(long seed) {
        var random = new Random(seed);
        var table = new LedgerTable(new Window(DAY, 8_000));
        var model = new HashMap<IdentityHash, Long>();
        long now = random.nextLong(1L << 41);

        for (int step = 0; step < 5_000; step++) {
            var id = Ids.hash(random.nextInt(1_500));
            long packed = random.nextLong() | 1;
            now += random.nextLong(2 * DAY.toMillis() / 5_000 / 3);
            assertThat(table.put(id, packed, random.nextBoolean() || model.containsKey(id), now))
                    .isFalse();
            model.put(id, packed);
        }

        assertIsModel(table, model, 1_500);
    }

    private static void assertIsModel(
            LedgerTable table, Map<IdentityHash, Long> model, int numbers) {
        assertThat(table.size()).isEqualTo(model.size());
        for (int number = 0; number < numbers; number++) {
            var id = Ids.hash(number);
            assertThat(table.find(id)).isEqualTo(model.getOrDefault(id, 0L));
        }
    }

    @Test
    void ofManyIdsTheLatestStay() {
        var table = new LedgerTable(new Window(DAY, 8_000));

        for (int number = 0; number < 50_000; number++) {
            table.put(Ids.hash(number), number + 1, false, number);
            assertThat(table.size()).isLessThanOrEqualTo(8_000);
        }

        for (int number = 50_000 - 7_000; number < 50_000; number++) {
            assertThat(table.find(Ids.hash(number))).isEqualTo(number + 1);
        }
        assertThat(table.find(Ids.hash(50_000 - 8_001))).isZero();
    }

    @Test
    void whatIsOlderThanTheWindowIsForgottenAnEighthLaterAtMost() {
        var table = new LedgerTable(new Window(DAY, 8_000));

        for (int hour = 0; hour < 200; hour++) {
            table.put(Ids.hash(hour), hour + 1, false, hour * HOUR);
            int present = 0;
            for (int past = 0; past <= hour; past++) {
                present += table.find(Ids.hash(past)) == 0 ? 0 : 1;
            }
            assertThat(present).isBetween(Math.min(hour + 1, 24), Math.min(hour + 1, 28));
            assertThat(table.find(Ids.hash(Math.max(0, hour - 23)))).isNotZero();
        }
    }

    @Test
    void anIdThatChangesIsKeptFromItsLastChangeOn() {
        var table = new LedgerTable(new Window(DAY, 8_000));
        table.put(Ids.hash(1), 1, false, 0);

        for (int hour = 1; hour <= 40; hour++) {
            table.put(Ids.hash(hour % 5 == 0 ? 1 : 1_000 + hour), hour + 1, true, hour * HOUR);
        }

        assertThat(table.find(Ids.hash(1))).isEqualTo(41);
    }

    @Test
    void aClockThatIsSetBackForgetsNothing() {
        var table = new LedgerTable(new Window(DAY, 8_000));
        table.put(Ids.hash(1), 1, false, 1_000 * HOUR);

        table.put(Ids.hash(2), 2, false, 0);
        table.put(Ids.hash(3), 3, false, 1_001 * HOUR);

        assertThat(table.find(Ids.hash(1))).isEqualTo(1);
        assertThat(table.find(Ids.hash(2))).isEqualTo(2);
    }

    /// Measured all along, as it grows by leaps.
    @Test
    void anIdTakesAtMost64BytesAndAbout40() {
        var table = new LedgerTable(new Window(DAY, 200_000));
        var random = new Random(1);
        double worst = 0;

        for (int number = 1; number <= 260_000; number++) {
            table.put(new IdentityHash(random.nextLong(), random.nextLong()), 1, false, number);
            if (number >= 10_000 && number % 1_000 == 0) {
                worst = Math.max(worst, (double) table.bytes() / table.size());
            }
        }

        assertThat(table.size()).isBetween(175_000, 200_000);
        assertThat(worst).isLessThan(42);
    }

    /// Ids that move from slice to slice leave holes behind; there must not be ever more of them.
    @Test
    void idsThatChangeAgainAndAgainTakeNoMoreThanTheWindowAllows() {
        var window = new Window(DAY, 80_000);
        var table = new LedgerTable(window);
        var random = new Random(2);
        long now = 0;

        for (int i = 0; i < 400_000; i++) {
            long number = random.nextInt(10) == 0 ? 1_000_000 + i : random.nextInt(20_000);
            now += 200;
            table.put(
                    new IdentityHash(number << 50 ^ number, number * 0x9E3779B97F4A7C15L),
                    1,
                    true,
                    now);
            if (i % 1_000 == 0) {
                assertThat(table.bytes()).isLessThanOrEqualTo(window.maxBytes());
                assertThat(table.size()).isLessThanOrEqualTo(80_000);
            }
        }
    }
}
