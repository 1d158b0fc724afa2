package dev.outmail.console.people;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.console.web.Role;
import dev.outmail.testkit.ManualTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SessionsTest {
    private final ManualTime time = new ManualTime();

    @Test
    void aSessionEndsWhenNobodyUsesItAndAfterAWorkingDay() {
        var sessions = new Sessions(time);
        var idle = sessions.begin("ada");
        var busy = sessions.begin("bob");
        for (int i = 0; i < 13; i++) {
            time.advance(Duration.ofMinutes(55));
            assertThat(sessions.user(busy)).contains("bob");
        }
        assertThat(sessions.user(idle)).isEmpty();

        time.advance(Duration.ofMinutes(20));

        assertThat(sessions.user(busy)).isEmpty();
    }

    @Test
    void anInvitationIsGoodOnceAndForADay() {
        var invitations = new Invitations(time);
        var used = invitations.invite("ada", Role.VIEWER);
        var late = invitations.invite("bob", Role.VIEWER);

        assertThat(invitations.take(used)).isPresent();
        assertThat(invitations.take(used)).isEmpty();
        time.advance(Duration.ofDays(2));
        assertThat(invitations.look(late)).isEmpty();
    }

    @Test
    void whoFailsTooOftenWaits() {
        var attempts = new Attempts(10, time);
        for (int i = 0; i < 10; i++) {
            assertThat(attempts.areTooMany("ada")).isFalse();
            attempts.failed("ada");
        }
        assertThat(attempts.areTooMany("ada")).isTrue();

        time.advance(Duration.ofMinutes(6));

        assertThat(attempts.areTooMany("ada")).isFalse();
    }
}
