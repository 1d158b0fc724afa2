package dev.outmail.delivery.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class CautionTest {
    private static final Duration AT_ONCE = Duration.ofMillis(5);

    private final Caution caution = new Caution();

    @Test
    void aServerThatIsQuickMayKnowOfTheNextMessage() {
        assertThat(caution.allows(Duration.ZERO, 0, 0)).isTrue();
        assertThat(caution.allows(AT_ONCE, 998, 0)).isTrue();
    }

    @Test
    void aServerThatTakesLongMayNot() {
        assertThat(caution.allows(Duration.ofMillis(1_001), 3, 0)).isFalse();
    }

    @Test
    void aConnectionIsNotTrustedWithTheMessageThatAnotherFailedAt() {
        caution.failed(3, 0);

        assertThat(caution.allows(AT_ONCE, 1, 0)).isTrue();
        assertThat(caution.allows(AT_ONCE, 2, 0)).isFalse();
        assertThat(caution.allows(AT_ONCE, 7, 0)).isFalse();
    }

    @Test
    void theWorstIsRemembered() {
        caution.failed(3, 0);
        caution.failed(20, 0);

        assertThat(caution.allows(AT_ONCE, 10, 0)).isFalse();
    }

    @Test
    void butNotForEver() {
        caution.failed(1, 0);

        assertThat(caution.allows(AT_ONCE, 0, Duration.ofMinutes(9).toNanos())).isFalse();
        assertThat(caution.allows(AT_ONCE, 0, Duration.ofMinutes(10).toNanos())).isTrue();
        assertThat(caution.allows(AT_ONCE, 50, Duration.ofMinutes(10).toNanos())).isTrue();
    }
}
