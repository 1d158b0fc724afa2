package dev.outmail.delivery;

import static dev.outmail.delivery.FakeTransport.trouble;
import static dev.outmail.delivery.FakeTransport.verdict;
import static dev.outmail.delivery.TestEvents.ADA;
import static dev.outmail.delivery.TestEvents.BOB;
import static dev.outmail.delivery.TransportResult.Kind.CREDENTIALS;
import static dev.outmail.delivery.TransportResult.Kind.SERVER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.delivery.RecipientVerdict.Verdict;
import dev.outmail.testkit.ManualTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class BreakerTest {
    private static final double MOST = 1.2;
    private static final double LEAST = 0.8;

    private final ManualTime time = new ManualTime();
    private final Breakers breakers = Breakers.alone(RetryPolicy.DEFAULT, time.ticker());
    private final Breaker breaker = breakers.of("smtp.example.com:25/none/-");

    @Test
    void twoTroublesInARowKeepNobodyWaiting() {
        end(trouble(SERVER));
        end(trouble(SERVER));

        assertThat(breaker.ask()).isInstanceOf(Breaker.Answer.Go.class);
    }

    @Test
    void theThirdTroubleInARowOpensIt() {
        open(SERVER);

        var answer = breaker.ask();

        assertThat(answer)
                .isInstanceOfSatisfying(
                        Breaker.Answer.Wait.class,
                        wait -> {
                            assertThat(wait.reason()).isEqualTo(Reason.UNREACHABLE);
                            assertThat(wait.detail()).isEqualTo("nobody answers");
                        });
        assertWaits(Duration.ofSeconds(5));
    }

    @Test
    void anAnswerInBetweenStartsTheCountAgain() {
        end(trouble(SERVER));
        end(trouble(SERVER));
        end(judged(Verdict.ACCEPTED));
        end(trouble(SERVER));
        end(trouble(SERVER));

        assertThat(breaker.ask()).isInstanceOf(Breaker.Answer.Go.class);
    }

    @Test
    void oneTroubleWithCredentialsOpensIt() {
        end(trouble(CREDENTIALS));

        assertWaits(Duration.ofMinutes(1));
    }

    @Test
    void anAnswerOnAConnectionThatLoggedInBeforeDoesNotCloseIt() {
        var before = (Breaker.Answer.Go) breaker.ask();
        end(trouble(CREDENTIALS));

        before.permit().end(judged(Verdict.ACCEPTED));

        assertWaits(Duration.ofMinutes(1));
    }

    @Test
    void anAnswerFromBeforeShowsThatTheServerIsThereAgain() {
        var before = (Breaker.Answer.Go) breaker.ask();
        open(SERVER);

        before.permit().end(judged(Verdict.ACCEPTED));

        assertThat(breaker.ask()).isInstanceOf(Breaker.Answer.Go.class);
    }

    @ParameterizedTest
    @EnumSource(names = {"ACCEPTED", "DEFERRED", "REJECTED"})
    void whateverAServerSaysOfMessagesItIsNotInTrouble(Verdict verdict) {
        for (int i = 0; i < 10; i++) {
            end(judged(verdict));
        }

        assertThat(breaker.ask()).isInstanceOf(Breaker.Answer.Go.class);
    }

    @Test
    void aServerWhoseAnswersAreLostIsInTrouble() {
        end(judged(Verdict.IN_DOUBT));
        end(judged(Verdict.IN_DOUBT));
        end(judged(Verdict.IN_DOUBT));

        assertWaits(Duration.ofSeconds(5));
    }

    @Test
    void anAnswerForOneRecipientIsAnAnswer() {
        var half =
                new TransportResult.Judged(
                        FakeTransport.NAME,
                        List.of(verdict(ADA, Verdict.ACCEPTED), verdict(BOB, Verdict.IN_DOUBT)),
                        "");
        for (int i = 0; i < 10; i++) {
            end(half);
        }

        assertThat(breaker.ask()).isInstanceOf(Breaker.Answer.Go.class);
    }

    @Test
    void aBusyConnectionPoolSaysNothingOfTheServer() {
        end(trouble(SERVER));
        end(trouble(SERVER));
        for (int i = 0; i < 10; i++) {
            end(new TransportResult.Busy(FakeTransport.NAME, "10 of 10 connections in use"));
        }
        assertThat(breaker.ask()).isInstanceOf(Breaker.Answer.Go.class);

        end(trouble(SERVER));

        assertThat(breaker.ask()).isInstanceOf(Breaker.Answer.Wait.class);
    }

    @Test
    void afterTheWaitThereIsOneProbeAtATime() {
        open(SERVER);
        time.advance(Duration.ofSeconds(6));

        var probe = breaker.ask();
        var others = List.of(breaker.ask(), breaker.ask());

        assertThat(probe).isInstanceOf(Breaker.Answer.Go.class);
        assertThat(others)
                .allSatisfy(other ->
                        assertThat(other)
                                .isEqualTo(
                                        new Breaker.Answer.Wait(
                                                BreakerState.PROBE_LEASE,
                                                Reason.UNREACHABLE,
                                                "nobody answers")));
    }

    @Test
    void aProbeThatIsAnsweredClosesIt() {
        open(SERVER);
        time.advance(Duration.ofSeconds(6));

        end(judged(Verdict.DEFERRED));

        assertThat(List.of(breaker.ask(), breaker.ask()))
                .allMatch(answer -> answer instanceof Breaker.Answer.Go);
        end(trouble(SERVER));
        assertThat(breaker.ask()).isInstanceOf(Breaker.Answer.Go.class);
    }

    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
                    SERVER,      PT5S, PT10S, PT20S, PT40S, PT60S, PT60S
                    CREDENTIALS, PT1M, PT5M,  PT15M, PT30M, PT1H,  PT1H
                    """)
    void aProbeThatFailsMakesTheWaitLonger(
            TransportResult.Kind kind,
            Duration first,
            Duration second,
            Duration third,
            Duration fourth,
            Duration fifth,
            Duration sixth) {
        open(kind);

        for (var wait : List.of(first, second, third, fourth, fifth, sixth)) {
            assertWaits(wait);

            time.advance(atMost(wait));
            end(trouble(kind));
        }
    }

    @Test
    void troubleOfAttemptsThatBeganBeforeDoesNotMakeTheWaitLonger() {
        var early = permit();
        open(SERVER);

        early.end(trouble(SERVER));

        assertWaits(Duration.ofSeconds(5));
        time.advance(Duration.ofSeconds(6));
        end(trouble(SERVER));
        assertWaits(Duration.ofSeconds(10));
    }

    @Test
    void anAbandonedProbeLetsAnotherProbeAtOnce() {
        open(SERVER);
        time.advance(Duration.ofSeconds(6));
        var probe = permit();

        probe.close();

        var another = permit();
        assertThat(breaker.ask()).isInstanceOf(Breaker.Answer.Wait.class);
        another.end(trouble(SERVER));
        assertWaits(Duration.ofSeconds(10));
    }

    @Test
    void aProbeThatFoundNoFreeConnectionIsAbandoned() {
        open(SERVER);
        time.advance(Duration.ofSeconds(6));

        end(new TransportResult.Busy(FakeTransport.NAME, "10 of 10 connections in use"));

        assertThat(breaker.ask()).isInstanceOf(Breaker.Answer.Go.class);
    }

    @Test
    void closingAnEndedProbeDoesNothing() {
        open(SERVER);
        time.advance(Duration.ofSeconds(6));
        var probe = permit();
        probe.end(trouble(SERVER));
        time.advance(Duration.ofSeconds(12));
        var next = permit();

        probe.close();

        assertThat(breaker.ask()).isInstanceOf(Breaker.Answer.Wait.class);
        next.close();
        assertThat(breaker.ask()).isInstanceOf(Breaker.Answer.Go.class);
    }

    @Test
    void anAbandonedAttemptThatWasNoProbeChangesNothing() {
        var early = permit();
        open(SERVER);

        early.close();

        assertWaits(Duration.ofSeconds(5));
    }

    @Test
    void settingsThatChangeGiveCredentialsAnotherChanceAtOnce() {
        open(CREDENTIALS);
        time.advance(Duration.ofMinutes(2));
        end(trouble(CREDENTIALS));

        breaker.settingsAre("revision 2");

        end(trouble(CREDENTIALS));
        assertWaits(Duration.ofMinutes(1));
    }

    @Test
    void settingsThatChangeDuringAProbeAreTriedAfterIt() {
        open(CREDENTIALS);
        time.advance(Duration.ofMinutes(2));
        var probe = permit();

        breaker.settingsAre("revision 2");

        probe.end(trouble(CREDENTIALS));
        end(trouble(CREDENTIALS));
        assertWaits(Duration.ofMinutes(1));
    }

    @Test
    void settingsThatChangeMakeNoServerReachable() {
        open(SERVER);

        breaker.settingsAre("revision 2");

        assertWaits(Duration.ofSeconds(5));
    }

    @Test
    void aConnectionThatFailsIsOneTroubleHoweverManyWaitForIt() {
        end(trouble(SERVER));
        for (int i = 0; i < 10; i++) {
            end(echo());
        }
        end(trouble(SERVER));

        assertThat(breaker.ask()).isInstanceOf(Breaker.Answer.Go.class);
    }

    @Test
    void aProbeThatFailsWithAConnectionOfOthersFailedAllTheSame() {
        open(SERVER);
        time.advance(Duration.ofSeconds(6));

        end(echo());

        assertWaits(Duration.ofSeconds(10));
    }

    @Test
    void whoWaitsIsToldThatItOpensAndThatItCloses() {
        var times = new AtomicInteger();
        breakers.onChange(times::incrementAndGet);
        open(SERVER);
        int opened = times.getAndSet(0);
        time.advance(Duration.ofSeconds(6));

        end(judged(Verdict.ACCEPTED));

        assertThat(opened).isPositive();
        assertThat(times).hasPositiveValue();
    }

    @Test
    void messagesThatAreSentTellNobody() {
        var times = new AtomicInteger();
        breakers.onChange(times::incrementAndGet);

        for (int i = 0; i < 10; i++) {
            end(judged(Verdict.ACCEPTED));
        }

        assertThat(times).hasValue(0);
    }

    private static TransportResult echo() {
        return new TransportResult.Trouble(
                FakeTransport.NAME, SERVER, Reason.UNREACHABLE, "nobody answers", true);
    }

    @Test
    void aServerThatRefusesAllIsNotThereAgainForOneRefusalMore() {
        var before = permit();
        end(
                new TransportResult.Trouble(
                        FakeTransport.NAME, CREDENTIALS, Reason.ALL_REFUSED, "554 no"));

        before.end(judged(Verdict.REJECTED));

        assertWaits(Duration.ofMinutes(1));
        time.advance(Duration.ofMinutes(2));
        assertThat(permit().isAfterRefusalOfAll()).isTrue();
    }

    /// Opens it, whatever that takes.
    private void open(TransportResult.Kind kind) {
        end(trouble(kind));
        if (kind == SERVER) {
            end(trouble(kind));
            end(trouble(kind));
        }
    }

    /// Makes an attempt that ends so.
    private void end(TransportResult result) {
        try (var permit = permit()) {
            permit.end(result);
        }
    }

    private Permit permit() {
        var answer = breaker.ask();
        assertThat(answer).isInstanceOf(Breaker.Answer.Go.class);
        return ((Breaker.Answer.Go) answer).permit();
    }

    /// Whether the wait from now on is the step given, give or take its spread.
    private void assertWaits(Duration step) {
        assertThat(breaker.ask())
                .isInstanceOfSatisfying(
                        Breaker.Answer.Wait.class,
                        wait ->
                                assertThat(wait.time())
                                        .isBetween(
                                                Duration.ofNanos((long) (step.toNanos() * LEAST)),
                                                atMost(step)));
    }

    private static Duration atMost(Duration step) {
        return Duration.ofNanos((long) (step.toNanos() * MOST));
    }

    private static TransportResult judged(Verdict verdict) {
        return new TransportResult.Judged(
                FakeTransport.NAME, List.of(verdict(ADA, verdict)), "last words");
    }
}
