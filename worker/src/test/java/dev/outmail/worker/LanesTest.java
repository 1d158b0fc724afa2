package dev.outmail.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.testkit.ManualTime;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class LanesTest {
    private final ManualTime time = new ManualTime();
    private final Lanes lanes = new Lanes(time);

    @Test
    void aLaneIsAsOldAsTheFirstOfItsEventsThatIsNotFinished() {
        lanes.counted(List.of(read(1, 3, time.millis()), read(2, 0)));
        time.advance(Duration.ofSeconds(5));

        assertThat(lanes.all())
                .containsExactly(
                        new Lanes.Lane(1, 3, Duration.ofSeconds(5)),
                        new Lanes.Lane(2, 0, Duration.ZERO));
        assertThat(lanes.oldestAge()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void whatCanNotBeReadIsAsOldAsItIsKnownToBeThere() {
        lanes.counted(List.of(read(1, 0)));
        time.advance(Duration.ofSeconds(100));
        lanes.counted(List.of(unread(1, 7)));
        time.advance(Duration.ofSeconds(1));
        lanes.counted(List.of(unread(1, 8)));
        time.advance(Duration.ofSeconds(1));

        assertThat(lanes.oldestAge()).isEqualTo(Duration.ofSeconds(2));
        lanes.counted(List.of(read(1, 8, time.millis() - 60_000)));
        assertThat(lanes.oldestAge()).isEqualTo(Duration.ofSeconds(60));
    }

    @Test
    void whoHoldsNothingWaitsForNothing() {
        assertThat(lanes.oldestAge()).isZero();
    }

    private static Intake.Lane read(int partition, long events, long oldestMillis) {
        return new Intake.Lane(partition, events, OptionalLong.of(oldestMillis));
    }

    private static Intake.Lane read(int partition, long events) {
        return unread(partition, events);
    }

    private static Intake.Lane unread(int partition, long events) {
        return new Intake.Lane(partition, events, OptionalLong.empty());
    }
}
