package dev.outmail.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.testkit.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RateLimitTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final ManualTime time = new ManualTime();
    private final RateLimit rate = new RateLimit(time.ticker());

    @Test
    void withoutALimitNothingWaits() {
        rate.set(null);

        assertThat(rate.nanosToWait()).isZero();
        assertThat(rate.isUnlimited()).isTrue();
    }

    @Test
    void aLimitOfNothingLetsNothingBegin() {
        rate.set(0.0);
        time.advance(Duration.ofDays(1));

        assertThat(rate.nanosToWait()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void itBeginsEmptyAndSaysHowLongToWait() {
        rate.set(4.0);

        assertThat(rate.nanosToWait()).isEqualTo(Duration.ofMillis(250).toNanos());
        time.advance(Duration.ofMillis(100));
        assertThat(rate.nanosToWait()).isEqualTo(Duration.ofMillis(150).toNanos());
        time.advance(Duration.ofMillis(150));
        assertThat(rate.nanosToWait()).isZero();
        assertThat(rate.nanosToWait()).isEqualTo(Duration.ofMillis(250).toNanos());
    }

    @ParameterizedTest
    @CsvSource({"0.001, 1", "1, 1", "19, 1", "100, 5", "1000, 50", "1e12, 50000"})
    void whatWasNotUsedIsKeptForATwentiethOfASecond(double limit, long burst) {
        rate.set(limit);
        time.advance(Duration.ofDays(1));

        for (int i = 0; i < burst; i++) {
            assertThat(rate.nanosToWait()).isZero();
        }
        assertThat(rate.nanosToWait()).isPositive();
    }

    @Test
    void settingItAgainAndAgainGivesNothingAway() {
        rate.set(10.0);

        int begun = 0;
        for (int i = 0; i < 1_000; i++) {
            rate.set(i % 2 == 0 ? 10.0 : 5.0);
            time.advance(Duration.ofMillis(10));
            begun += rate.nanosToWait() == 0 ? 1 : 0;
        }

        assertThat(begun).isBetween(70, 80);
    }

    /// Three workers, whose shares change at random and never add up to more than one: what begins
    /// in any one second is at most 10 % above the limit, and in the long run it is the limit.
    @ParameterizedTest
    @CsvSource({"100, 1", "100, 2", "250, 3", "1000, 4", "1000, 5", "40, 6"})
    void aFleetKeepsTheLimitWhileItsSharesChange(double limit, long seed) {
        var random = new Random(seed);
        var fleet = Stream.generate(() -> new RateLimit(time.ticker())).limit(3).toList();
        share(fleet, limit, random);
        var begun = new ArrayList<Long>();

        for (int i = 0; i < 60_000; i++) {
            time.advance(Duration.ofMillis(1));
            if (random.nextInt(500) == 0) {
                share(fleet, limit, random);
            }
            for (var one : fleet) {
                // now and then a worker has nothing to send, and saves up what it may
                while (random.nextInt(50) > 0 && one.nanosToWait() == 0) {
                    begun.add(time.ticker().getAsLong());
                }
            }
        }

        assertThat(mostInASecond(begun))
                .as("limit %s, seed %d", limit, seed)
                .isLessThanOrEqualTo((int) (limit * 1.1));
        assertThat(begun.size() / 60.0).isBetween(limit * 0.9, limit * 1.02);
    }

    private static void share(List<RateLimit> fleet, double limit, Random random) {
        int partitions = 12;
        int first = random.nextInt(partitions + 1);
        int second = random.nextInt(partitions - first + 1);
        int third = partitions - first - second;
        var shares = List.of(first, second, third);
        for (int i = 0; i < fleet.size(); i++) {
            fleet.get(i).set(limit * shares.get(i) / partitions);
        }
    }

    private static int mostInASecond(List<Long> begun) {
        int most = 0;
        int from = 0;
        for (int to = 0; to < begun.size(); to++) {
            while (begun.get(to) - begun.get(from) >= SECOND) {
                from++;
            }
            most = Math.max(most, to - from + 1);
        }
        return most;
    }
}
