package dev.outmail.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.delivery.RecipientVerdict.Verdict;
import dev.outmail.settings.Settings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryPolicyTest {
    /// What leaves a wait as long as its step says.
    private static final double MIDDLE = 0.5;

    private static final Outcome.Attempt ATTEMPT =
            new Outcome.Attempt(
                    TestEvents.profile("default", Settings.INITIAL),
                    FakeTransport.NAME,
                    List.of(FakeTransport.verdict(TestEvents.ADA, Verdict.DEFERRED)),
                    Undelivered.fresh(TestEvents.toAda().build(), Instant.EPOCH));
    private static final Outcome.Deferred DEFERRED =
            new Outcome.Deferred(ATTEMPT, Reason.GREYLISTED, "");

    private final RetryPolicy policy = RetryPolicy.DEFAULT;

    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
                    times,      verdicts, trouble, credentials
                    1,          PT1M,     PT5S,    PT1M
                    2,          PT5M,     PT10S,   PT5M
                    3,          PT15M,    PT20S,   PT15M
                    4,          PT30M,    PT40S,   PT30M
                    5,          PT1H,     PT60S,   PT1H
                    6,          PT2H,     PT60S,   PT1H
                    7,          PT4H,     PT60S,   PT1H
                    8,          PT4H,     PT60S,   PT1H
                    2147483647, PT4H,     PT60S,   PT1H
                    """,
            useHeadersInDisplayName = true)
    void waitsGrowStepByStepAndTheLastStepGoesOn(
            int times, Duration verdicts, Duration trouble, Duration credentials) {
        assertThat(policy.waitAfter(DEFERRED, times, MIDDLE)).isEqualTo(verdicts);
        assertThat(policy.waitAfter(TransportResult.Kind.SERVER, times, MIDDLE)).isEqualTo(trouble);
        assertThat(policy.waitAfter(TransportResult.Kind.CREDENTIALS, times, MIDDLE))
                .isEqualTo(credentials);
    }

    @Test
    void anOutcomeThatNobodyCountedWaitsLikeTheFirst() {
        assertThat(policy.waitAfter(DEFERRED, 0, MIDDLE)).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void theSpreadGoesFrom80To120Percent() {
        assertThat(policy.waitAfter(DEFERRED, 2, 0)).isEqualTo(Duration.ofMinutes(4));
        assertThat(policy.waitAfter(DEFERRED, 2, 1)).isEqualTo(Duration.ofMinutes(6));
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2})
    void noWaitIsEverOutOfItsSpread(long seed) {
        var random = new Random(seed);
        for (int i = 0; i < 10_000; i++) {
            int times = 1 + random.nextInt(9);
            var step = policy.waitAfter(DEFERRED, times, MIDDLE);

            var wait = policy.waitAfter(DEFERRED, times, random.nextDouble());

            assertThat(wait.toNanos())
                    .as("seed %d, wait %d", seed, i)
                    .isBetween((long) (step.toNanos() * 0.8), (long) (step.toNanos() * 1.2));
        }
    }

    @Test
    void troubleIsWaitedForAsItsKindSays() {
        var trouble = FakeTransport.trouble(TransportResult.Kind.CREDENTIALS);
        var troubled =
                new Outcome.Troubled(
                        ATTEMPT.settings(), trouble, trouble.reason(), trouble.detail());

        assertThat(policy.waitAfter(troubled, 2, MIDDLE)).isEqualTo(Duration.ofMinutes(5));
    }

    /// The server's own time-out after the final dot is ten minutes (RFC 5321 §4.5.3.2.6).
    @ParameterizedTest
    @ValueSource(doubles = {0, 0.5, 1})
    void aMailInDoubtIsNeverSentAgainBeforeTheServersOwnTimeOut(double random) {
        var doubt = new Outcome.InDoubt(ATTEMPT, Reason.ANSWER_LOST, "");

        for (int times = 1; times < 10; times++) {
            assertThat(policy.waitAfter(doubt, times, random))
                    .isGreaterThanOrEqualTo(Duration.ofMinutes(10));
        }
    }

    @Test
    void aPauseTakesAsLongAsItSays() {
        var paused = new Outcome.Paused(Duration.ofMillis(321), Reason.UNREACHABLE, "");

        assertThat(policy.waitAfter(paused, 7, 0)).isEqualTo(Duration.ofMillis(321));
    }

    @Test
    void whatEndsByItselfIsLookedAtAgainSoon() {
        var held = new Outcome.Held(Reason.NO_SETTINGS, "");
        var notYet = new Outcome.NotYet(Instant.MAX, Reason.NOT_BEFORE, "");

        assertThat(policy.waitAfter(held, 7, 0)).isEqualTo(Duration.ofSeconds(10));
        assertThat(policy.waitAfter(notYet, 7, 0)).isEqualTo(Duration.ofSeconds(10));
    }
}
