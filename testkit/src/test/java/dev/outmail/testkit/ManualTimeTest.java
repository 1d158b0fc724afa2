package dev.outmail.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ManualTimeTest {
    private static final Instant START = Instant.parse("2026-03-29T00:00:00Z");

    @Test
    void timeStandsStillUntilItIsAdvanced() {
        var time = new ManualTime(START);

        time.advance(Duration.ofMillis(1500));

        assertThat(time.instant()).isEqualTo(START.plusMillis(1500));
        assertThat(time.ticker().getAsLong()).isEqualTo(1_500_000_000L);
    }

    @Test
    void aClockThatIsSetDoesNotTick() {
        var time = new ManualTime(START);

        time.setClock(START.minusSeconds(3600));

        assertThat(time.instant()).isEqualTo(START.minusSeconds(3600));
        assertThat(time.ticker().getAsLong()).isZero();
    }

    @Test
    void timeDoesNotRunBackwards() {
        assertThatThrownBy(() -> new ManualTime(START).advance(Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
