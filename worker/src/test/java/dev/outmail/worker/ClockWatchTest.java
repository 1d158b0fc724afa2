package dev.outmail.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClockWatchTest {
    private static final Duration TOLERANCE = Duration.ofSeconds(5);

    private Instant wall = Instant.parse("2026-01-15T12:00:00Z");
    private long nanos = -7;
    private final List<Duration> setBack = new ArrayList<>();
    private final ClockWatch watch =
            new ClockWatch(() -> wall, () -> nanos, TOLERANCE, setBack::add);

    @Test
    void aSecondIsASecond() {
        look(Duration.ofSeconds(1), Duration.ofSeconds(1));
        look(Duration.ofMinutes(3), Duration.ofMinutes(3));

        assertThat(setBack).isEmpty();
    }

    @Test
    void saysByHowMuchItWasSetBackAndOnlyOnce() {
        look(Duration.ofDays(-2).plusSeconds(1), Duration.ofSeconds(1));
        look(Duration.ofSeconds(1), Duration.ofSeconds(1));

        assertThat(setBack).containsExactly(Duration.ofDays(2));
    }

    @Test
    void aClockThatStoodStillWasSetBack() {
        look(Duration.ZERO, Duration.ofSeconds(6));

        assertThat(setBack).containsExactly(Duration.ofSeconds(6));
    }

    @Test
    void whatIsSetForwardOrSlewedHarmsNobody() {
        look(Duration.ofDays(2), Duration.ofSeconds(1));
        for (int second = 0; second < 100; second++) {
            look(Duration.ofMillis(500), Duration.ofSeconds(1));
        }

        assertThat(setBack).isEmpty();
    }

    private void look(Duration ofWall, Duration passed) {
        wall = wall.plus(ofWall);
        nanos += passed.toNanos();
        watch.run();
    }
}
