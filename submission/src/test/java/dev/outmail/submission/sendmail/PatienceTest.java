package dev.outmail.submission.sendmail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.submission.sendmail.Drainer.Stay;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PatienceTest {
    private static final Pass MAIL = new Pass(3, 0, null);
    private static final Pass TROUBLE = Pass.troubled(new IllegalStateException("no Kafka"));

    private static Duration seconds(long seconds) {
        return Duration.ofSeconds(seconds);
    }

    @ParameterizedTest
    @EnumSource(Stay.class)
    void afterMailsItLooksAgainAtOnce(Stay stay) {
        var after = Patience.begin(stay, seconds(1)).after(MAIL, seconds(2));

        assertThat(after.ends()).isFalse();
        assertThat(after.pause()).isZero();
    }

    @Test
    void whoDoesNotStayEndsWithTheFirstTroubleOrAnEmptySpool() {
        var patience = Patience.begin(Stay.NOT, seconds(1)).after(MAIL, seconds(2));

        assertThat(patience.after(Pass.NOTHING, seconds(2)).ends()).isTrue();
        assertThat(patience.after(TROUBLE, seconds(2)).ends()).isTrue();
    }

    @Test
    void whoStaysAWhileEndsHalfAMinuteAfterTheLastMail() {
        var patience = Patience.begin(Stay.A_WHILE, seconds(0)).after(MAIL, seconds(100));

        var waiting = patience.after(Pass.NOTHING, seconds(129));

        assertThat(waiting.ends()).isFalse();
        assertThat(waiting.pause()).isEqualTo(Patience.LOOK_AGAIN);
        assertThat(waiting.after(Pass.NOTHING, seconds(130)).ends()).isTrue();
    }

    @Test
    void whoStaysAWhileEndsTenMinutesAfterKafkaWentAway() {
        var patience = Patience.begin(Stay.A_WHILE, seconds(0)).after(TROUBLE, seconds(100));

        assertThat(patience.after(TROUBLE, seconds(699)).ends()).isFalse();
        assertThat(patience.after(TROUBLE, seconds(700)).ends()).isTrue();
    }

    @Test
    void whoStaysForGoodWaitsLongerAndLongerButNeverOverAMinute() {
        var patience = Patience.begin(Stay.FOR_GOOD, seconds(0));
        var pauses = new ArrayList<Long>();
        for (int i = 0; i < 8; i++) {
            patience = patience.after(TROUBLE, Duration.ofDays(i));
            assertThat(patience.ends()).isFalse();
            pauses.add(patience.pause().toSeconds());
        }

        assertThat(pauses).isEqualTo(List.of(1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L));
    }

    @Test
    void whereSomeMailsPassTheWaitsBeginAnew() {
        var patience = Patience.begin(Stay.A_WHILE, seconds(0));
        for (int i = 0; i < 5; i++) {
            patience = patience.after(TROUBLE, seconds(i));
        }

        var after = patience.after(new Pass(1, 0, new IllegalStateException()), seconds(600));

        assertThat(after.pause()).isEqualTo(seconds(1));
        assertThat(after.after(TROUBLE, seconds(700)).ends()).isFalse();
    }
}
