package dev.outmail.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AwaitTest {
    @Test
    void waitingEndsWhenTheConditionHolds() {
        var asked = new AtomicInteger();

        Await.until(Duration.ofSeconds(10), () -> asked.incrementAndGet() == 3, "three");

        assertThat(asked).hasValue(3);
    }

    @Test
    void aConditionThatHoldsNeedsNoTime() {
        Await.until(Duration.ZERO, () -> true, "the present");
    }

    @Test
    void theValueWaitedForIsReturned() {
        assertThat(Await.value(Duration.ZERO, () -> Optional.of(7), () -> "seven")).isEqualTo(7);
    }

    @Test
    void aMissedDeadlineSaysWhatWasExpectedAndWhatIsThere() {
        var asked = new AtomicInteger();

        assertThatThrownBy(() ->
                        Await.until(
                                Duration.ofMillis(30),
                                () -> asked.incrementAndGet() < 0,
                                () -> "fewer than none; asked " + (asked.get() > 1)))
                .isInstanceOf(AssertionError.class)
                .hasMessage("not within PT0.03S: fewer than none; asked true");
    }

    @Test
    void anExceptionEndsTheWaitingAtOnce() {
        assertThatThrownBy(() ->
                        Await.until(
                                Duration.ofHours(1),
                                () -> {
                                    throw new IOException("no");
                                },
                                "anything"))
                .isInstanceOf(AssertionError.class)
                .hasMessage("failed while waiting: anything")
                .hasCauseInstanceOf(IOException.class);
    }

    @Test
    void anInterruptedWaitEndsAndStaysInterrupted() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> Await.until(Duration.ofHours(1), () -> false, "anything"))
                .isInstanceOf(AssertionError.class)
                .hasMessage("interrupted while waiting: anything");

        assertThat(Thread.interrupted()).isTrue();
    }
}
