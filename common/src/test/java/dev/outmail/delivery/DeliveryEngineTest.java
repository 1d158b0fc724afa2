package dev.outmail.delivery;

import static dev.outmail.delivery.RecipientVerdict.Verdict.ACCEPTED;
import static dev.outmail.delivery.RecipientVerdict.Verdict.DEFERRED;
import static dev.outmail.delivery.RecipientVerdict.Verdict.IN_DOUBT;
import static dev.outmail.delivery.RecipientVerdict.Verdict.REJECTED;
import static dev.outmail.delivery.TestEvents.ADA;
import static dev.outmail.delivery.TestEvents.BOB;
import static dev.outmail.delivery.TestEvents.PROJECTS;
import static dev.outmail.delivery.TestEvents.REVISION;
import static dev.outmail.delivery.TestEvents.SERVER;
import static dev.outmail.delivery.TestEvents.by;
import static dev.outmail.delivery.TestEvents.toAda;
import static dev.outmail.delivery.TestEvents.toAdaAndBob;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.outmail.mail.MailEvent;
import dev.outmail.mail.MailEvent.OnDoubt;
import dev.outmail.settings.Connection;
import dev.outmail.settings.Settings;
import dev.outmail.settings.SettingsSnapshot;
import dev.outmail.testkit.ManualTime;
import dev.outmail.wire.RetryState;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DeliveryEngineTest {
    private static final Duration GIVE_UP_AFTER = Settings.INITIAL.giveUpAfter();
    private static final SettingsSnapshot BY_SMTP = by(SERVER);

    private final ManualTime time = new ManualTime();
    private final FakeTransport server = new FakeTransport();
    private final FakeTransport mailer = new FakeTransport();
    private final FakeTransport elsewhere = new FakeTransport();
    private final Transports transports =
            new Transports(
                    mailer,
                    to -> to.equals(SERVER) ? server : elsewhere,
                    RetryPolicy.DEFAULT,
                    time.ticker());
    private final DeliveryEngine engine = new DeliveryEngine(transports, time);

    @Test
    void aMailThatEveryRecipientIsAcceptedForIsSent() throws InterruptedException {
        var mail = fresh(toAdaAndBob());
        server.willJudge(ACCEPTED, ACCEPTED);

        var outcome = engine.attempt(mail, BY_SMTP);

        var sent = as(Outcome.Sent.class, outcome);
        assertThat(sent.reason()).isEqualTo(Reason.ACCEPTED);
        assertThat(sent.detail()).isEqualTo(FakeTransport.LAST_WORDS);
        assertThat(sent.attempt().server()).isEqualTo(FakeTransport.NAME);
        assertThat(sent.attempt().settings().revision()).isEqualTo(REVISION);
        assertThat(sent.attempt().after().open()).isEmpty();
        assertThat(server.taken())
                .singleElement()
                .satisfies(taken ->
                        assertThat(taken.envelope())
                                .isEqualTo(
                                        new Envelope(
                                                PROJECTS.address(),
                                                mail.event().addressing().recipients())));
        assertThat(mailer.taken()).isEmpty();
    }

    @Test
    void theNativeMailerTakesWhatIsForIt() throws InterruptedException {
        mailer.willJudge(ACCEPTED);

        var outcome = engine.attempt(fresh(toAda().build()), by(new Connection.NativeMailer()));

        as(Outcome.Sent.class, outcome);
        assertThat(mailer.taken()).hasSize(1);
        assertThat(server.taken()).isEmpty();
    }

    @Test
    void onlyRecipientsThatAreStillOpenAreTriedAgain() throws InterruptedException {
        server.willJudge(ACCEPTED, DEFERRED);
        server.willJudge(ACCEPTED);

        var first =
                as(Outcome.Deferred.class, engine.attempt(fresh(toAdaAndBob()), BY_SMTP)).attempt();
        var second = as(Outcome.Sent.class, engine.attempt(first.after(), BY_SMTP)).attempt();

        assertThat(first.after().open()).containsExactly(BOB);
        assertThat(first.after().attempts()).isEqualTo(1);
        assertThat(server.taken().get(1).envelope().recipients()).containsExactly(BOB);
        assertThat(second.after().attempts()).isEqualTo(2);
        assertThat(second.after().judged())
                .extracting(RecipientVerdict::recipient, RecipientVerdict::verdict)
                .containsExactly(tuple(ADA, ACCEPTED), tuple(BOB, ACCEPTED));
    }

    @Test
    void everyAttemptSendsTheSameBytes() throws InterruptedException {
        server.willJudge(ACCEPTED, DEFERRED);
        server.willJudge(ACCEPTED);
        var first =
                as(Outcome.Deferred.class, engine.attempt(fresh(toAdaAndBob()), BY_SMTP)).attempt();
        time.advance(Duration.ofHours(1));

        as(Outcome.Sent.class, engine.attempt(first.after(), BY_SMTP));

        assertThat(server.taken().get(1).message()).isEqualTo(server.taken().get(0).message());
        assertThat(new String(server.taken().get(0).message(), StandardCharsets.UTF_8))
                .startsWith("Date: Thu, 15 Jan 2026 12:00:00 +0000\r\n");
    }

    @Test
    void aRefusalOfOneRecipientIsTheOutcomeWhenTheOthersHaveTheMail() throws InterruptedException {
        server.willJudge(ACCEPTED, REJECTED);

        var outcome = engine.attempt(fresh(toAdaAndBob()), BY_SMTP);

        var rejected = as(Outcome.Rejected.class, outcome);
        assertThat(rejected.reason()).isEqualTo(Reason.UNKNOWN_RECIPIENT);
        assertThat(rejected.attempt().after().judged())
                .extracting(RecipientVerdict::verdict)
                .containsExactly(ACCEPTED, REJECTED);
    }

    @Test
    void aRefusalWaitsForTheRecipientsThatAreStillOpen() throws InterruptedException {
        server.willJudge(REJECTED, DEFERRED);
        server.willJudge(ACCEPTED);

        var first = engine.attempt(fresh(toAdaAndBob()), BY_SMTP);
        var left = as(Outcome.Deferred.class, first).attempt().after();
        var second = engine.attempt(left, BY_SMTP);

        assertThat(left.open()).containsExactly(BOB);
        assertThat(as(Outcome.Rejected.class, second).detail()).startsWith("REJECTED");
        assertThat(server.taken().get(1).envelope().recipients()).containsExactly(BOB);
    }

    @Test
    void aMailInDoubtIsSentAgainToWhomItIsInDoubtFor() throws InterruptedException {
        server.willJudge(ACCEPTED, IN_DOUBT);

        var outcome = engine.attempt(fresh(toAdaAndBob()), BY_SMTP);

        var doubt = as(Outcome.InDoubt.class, outcome);
        assertThat(doubt.reason()).isEqualTo(Reason.ANSWER_LOST);
        assertThat(doubt.attempt().after().open()).containsExactly(BOB);
    }

    @Test
    void aMailInDoubtIsHeldWhenItsEventSaysSo() throws InterruptedException {
        var event = toAda().onDoubt(OnDoubt.HOLD).build();
        server.willJudge(IN_DOUBT);

        var outcome = engine.attempt(fresh(event), BY_SMTP);

        var held = as(Outcome.HeldInDoubt.class, outcome);
        assertThat(held.attempt().after().open()).containsExactly(ADA);
    }

    @ParameterizedTest
    @EnumSource(names = {"ACCEPTED", "DEFERRED", "REJECTED"})
    void doubtWeighsMoreThanWhatIsKnownOfOthers(RecipientVerdict.Verdict other)
            throws InterruptedException {
        server.willJudge(other, IN_DOUBT);

        var outcome =
                engine.attempt(
                        fresh(toAda().cc("bob@example.org").onDoubt(OnDoubt.HOLD).build()),
                        BY_SMTP);

        as(Outcome.HeldInDoubt.class, outcome);
    }

    @Test
    void troubleIsNoVerdictOnTheMailAndCountsNoAttempt() throws InterruptedException {
        var mail = fresh(toAda().build());
        server.willFail(TransportResult.Kind.SERVER);
        server.willJudge(ACCEPTED);

        var troubled = as(Outcome.Troubled.class, engine.attempt(mail, BY_SMTP));
        var sent = as(Outcome.Sent.class, engine.attempt(mail, BY_SMTP));

        assertThat(troubled.trouble())
                .isEqualTo(FakeTransport.trouble(TransportResult.Kind.SERVER));
        assertThat(troubled.reason()).isEqualTo(Reason.UNREACHABLE);
        assertThat(sent.attempt().after().attempts()).isEqualTo(1);
    }

    @Test
    void noMailIsGivenUpForTroubleHoweverLongItLasts() throws InterruptedException {
        var mail = fresh(toAda().build());
        for (int day = 0; day < 30; day++) {
            server.willFail(TransportResult.Kind.SERVER);

            as(Outcome.Troubled.class, engine.attempt(mail, BY_SMTP));

            time.advance(Duration.ofDays(1));
        }
    }

    @Test
    void aServerInTroubleIsLeftAloneUntilItsWaitIsOver() throws InterruptedException {
        var mail = fresh(toAda().build());
        server.willFail(TransportResult.Kind.CREDENTIALS);
        as(Outcome.Troubled.class, engine.attempt(mail, BY_SMTP));

        var paused = as(Outcome.Paused.class, engine.attempt(mail, BY_SMTP));

        assertThat(paused.reason()).isEqualTo(Reason.LOGIN_FAILED);
        assertThat(server.taken()).hasSize(1);
        time.advance(paused.time());
        server.willJudge(ACCEPTED);
        as(Outcome.Sent.class, engine.attempt(mail, BY_SMTP));
    }

    @Test
    void troubleOfOneServerIsNoneOfAnother() throws InterruptedException {
        var another =
                new Connection.SmtpServer(
                        "smtp.example.net", 25, Connection.Security.NONE, null, 10, null);
        server.willFail(TransportResult.Kind.CREDENTIALS);
        as(Outcome.Troubled.class, engine.attempt(fresh(toAda().build()), BY_SMTP));
        elsewhere.willJudge(ACCEPTED);

        var outcome = engine.attempt(fresh(toAda().build()), by(another));

        as(Outcome.Sent.class, outcome);
    }

    @Test
    void aServerThatNoProfileNamesAnyMoreIsClosed() throws InterruptedException {
        server.willJudge(ACCEPTED);
        as(Outcome.Sent.class, engine.attempt(fresh(toAda().build()), BY_SMTP));

        transports.settingsChanged(BY_SMTP);
        boolean closedWhileNamed = server.isClosed();
        transports.settingsChanged(by(new Connection.Silent()));

        assertThat(closedWhileNamed).isFalse();
        assertThat(server.isClosed()).isTrue();
        assertThat(mailer.isClosed()).isFalse();
    }

    @Test
    void aServerThatRefusesAllInTheSameWordsCostsNineMailsAndNotMore() throws InterruptedException {
        for (int i = 0; i < 10; i++) {
            server.willAnswer(message -> refusal(message, "550 5.7.1 blocked"));
        }
        for (int i = 0; i < 9; i++) {
            as(Outcome.Rejected.class, engine.attempt(fresh(toAda().build()), BY_SMTP));
        }

        var tenth = as(Outcome.Troubled.class, engine.attempt(fresh(toAda().build()), BY_SMTP));
        var eleventh = as(Outcome.Paused.class, engine.attempt(fresh(toAda().build()), BY_SMTP));

        assertThat(tenth.reason()).isEqualTo(Reason.ALL_REFUSED);
        assertThat(eleventh.reason()).isEqualTo(Reason.ALL_REFUSED);
        assertThat(server.taken()).hasSize(10);
    }

    private static TransportResult refusal(Outbound message, String detail) {
        var verdicts =
                message.envelope().recipients().stream()
                        .map(to ->
                                new RecipientVerdict(
                                        to,
                                        RecipientVerdict.Verdict.REJECTED,
                                        Reason.POLICY,
                                        detail))
                        .toList();
        return new TransportResult.Judged(FakeTransport.NAME, verdicts, detail);
    }

    @Test
    void aServerKeepsItsConnectionsWhenTheirNumberChanges() throws InterruptedException {
        var wider =
                new Connection.SmtpServer(
                        SERVER.host(), SERVER.port(), SERVER.security(), null, 25, 3.5);
        server.willJudge(ACCEPTED);
        as(Outcome.Sent.class, engine.attempt(fresh(toAda().build()), BY_SMTP));

        transports.settingsChanged(by(wider));
        time.advance(Duration.ofSeconds(1));
        server.willJudge(ACCEPTED);
        as(Outcome.Sent.class, engine.attempt(fresh(toAda().build()), by(wider)));

        assertThat(server.isClosed()).isFalse();
        assertThat(server.size()).isEqualTo(25);
        assertThat(server.taken()).hasSize(2);
    }

    @Test
    void aBusyServerPausesTheMailAndCountsNoAttempt() throws InterruptedException {
        server.willAnswer(message -> new TransportResult.Busy(FakeTransport.NAME, "10 of 10"));

        var outcome = engine.attempt(fresh(toAda().build()), BY_SMTP);

        assertThat(outcome).isEqualTo(new Outcome.Paused(Duration.ZERO, Reason.BUSY, "10 of 10"));
    }

    @Test
    void aMailIsGivenUpByItsAge() throws InterruptedException {
        var mail = fresh(toAdaAndBob());
        time.advance(GIVE_UP_AFTER.minusNanos(1));
        server.willJudge(DEFERRED, DEFERRED);
        var left = as(Outcome.Deferred.class, engine.attempt(mail, BY_SMTP)).attempt().after();
        time.advance(Duration.ofNanos(1));
        server.willJudge(ACCEPTED, DEFERRED);

        var outcome = engine.attempt(left, BY_SMTP);

        var expired = as(Outcome.Expired.class, outcome);
        assertThat(expired.reason()).isEqualTo(Reason.EXPIRED);
        assertThat(expired.detail()).contains("PT120H", "DEFERRED by the fake");
        assertThat(expired.undelivered().open()).containsExactly(BOB);
        assertThat(expired.undelivered().judged())
                .extracting(RecipientVerdict::recipient)
                .containsExactly(ADA);
        assertThat(expired.undelivered().attempts()).isEqualTo(2);
    }

    /// By a header that somebody made up: nobody makes ten thousand attempts in five days. One more
    /// would have the same number and be taken for a second copy.
    @Test
    void aMailIsGivenUpWhenItsAttemptsCanNotBeNumberedOn() throws InterruptedException {
        var event = toAda().build();
        var mail =
                new Undelivered(
                        event,
                        time.instant(),
                        event.addressing().recipients(),
                        List.of(),
                        RetryState.MAX_ATTEMPT - 1);
        server.willJudge(DEFERRED);

        var expired = as(Outcome.Expired.class, engine.attempt(mail, BY_SMTP));

        assertThat(expired.detail()).contains("10000 attempts", "DEFERRED by the fake");
    }

    @Test
    void aMailInDoubtThatIsTooOldIsNotSentAgainButHeld() throws InterruptedException {
        var mail = fresh(toAda().onDoubt(OnDoubt.RESEND).build());
        time.advance(GIVE_UP_AFTER);
        server.willJudge(IN_DOUBT);

        var outcome = engine.attempt(mail, BY_SMTP);

        as(Outcome.HeldInDoubt.class, outcome);
    }

    @Test
    void anOldMailIsSentIfOnlyItIsTaken() throws InterruptedException {
        var mail = fresh(toAda().build());
        time.advance(GIVE_UP_AFTER.multipliedBy(2));
        server.willJudge(ACCEPTED);

        as(Outcome.Sent.class, engine.attempt(mail, BY_SMTP));
    }

    /// A date that no date field can show stands for whatever may go wrong with composing.
    @Test
    void aMailThatCantBeComposedIsRejectedWithEverythingKept() throws InterruptedException {
        var mail = Undelivered.fresh(toAdaAndBob(), Instant.MAX);

        var outcome = engine.attempt(mail, BY_SMTP);

        var rejected = as(Outcome.Rejected.class, outcome);
        assertThat(rejected.reason()).isEqualTo(Reason.INTERNAL_ERROR);
        assertThat(rejected.attempt().after().event()).isEqualTo(mail.event());
        assertThat(rejected.attempt().after().judged())
                .extracting(RecipientVerdict::recipient, RecipientVerdict::verdict)
                .containsExactly(tuple(ADA, REJECTED), tuple(BOB, REJECTED));
        assertThat(server.taken()).isEmpty();
    }

    @Test
    void aMailThatCantBeComposedLeavesTheProbeToAnother() throws InterruptedException {
        openTheServersBreaker();
        var broken = Undelivered.fresh(toAda().build(), Instant.MAX);

        as(Outcome.Rejected.class, engine.attempt(broken, BY_SMTP));

        server.willJudge(ACCEPTED);
        as(Outcome.Sent.class, engine.attempt(fresh(toAda().build()), BY_SMTP));
    }

    @Test
    void anAttemptThatIsInterruptedLeavesTheProbeToAnother() throws InterruptedException {
        openTheServersBreaker();
        server.willAnswer(message -> {
            throw new InterruptedException();
        });
        var mail = fresh(toAda().build());

        assertThatExceptionOfType(InterruptedException.class)
                .isThrownBy(() -> engine.attempt(mail, BY_SMTP));

        server.willJudge(ACCEPTED);
        as(Outcome.Sent.class, engine.attempt(mail, BY_SMTP));
    }

    @Test
    void disabledMailTouchesNoTransport() throws InterruptedException {
        var settings = by(new Connection.Disabled());

        var outcome = engine.attempt(fresh(toAda().build()), settings);

        var dropped = as(Outcome.Dropped.class, outcome);
        assertThat(dropped.reason()).isEqualTo(Reason.DISABLED);
        assertThat(dropped.settings().revision()).isEqualTo(REVISION);
        assertNothingWasTouched();
    }

    @Test
    void silentMailTouchesNoTransport() throws InterruptedException {
        var outcome = engine.attempt(fresh(toAdaAndBob()), by(new Connection.Silent()));

        var silenced = as(Outcome.Silenced.class, outcome);
        assertThat(silenced.reason()).isEqualTo(Reason.SILENT);
        assertThat(silenced.attempt().server()).isEqualTo(SilentTransport.SERVER);
        assertThat(silenced.attempt().verdicts())
                .extracting(RecipientVerdict::recipient)
                .containsExactly(ADA, BOB);
        assertNothingWasTouched();
    }

    @Test
    void whatIsNotToBeSentNowTouchesNoTransport() throws InterruptedException {
        var later = toAda().sendAt(time.instant().plusSeconds(1)).build();
        var tooLate = toAda().expiresAt(time.instant()).build();
        var unknown = toAda().profile("nobodys").build();

        var notYet = engine.attempt(fresh(later), BY_SMTP);
        var expired = engine.attempt(fresh(tooLate), BY_SMTP);
        var held = engine.attempt(fresh(unknown), BY_SMTP);
        var unread = engine.attempt(fresh(unknown), SettingsSnapshot.EMPTY);

        assertThat(as(Outcome.NotYet.class, notYet).until())
                .isEqualTo(time.instant().plusSeconds(1));
        assertThat(as(Outcome.Expired.class, expired).undelivered().open()).containsExactly(ADA);
        assertThat(as(Outcome.Held.class, held).reason()).isEqualTo(Reason.UNKNOWN_PROFILE);
        assertThat(as(Outcome.Held.class, unread).reason()).isEqualTo(Reason.NO_SETTINGS);
        assertNothingWasTouched();
    }

    private void openTheServersBreaker() throws InterruptedException {
        server.willFail(TransportResult.Kind.CREDENTIALS);
        as(Outcome.Troubled.class, engine.attempt(fresh(toAda().build()), BY_SMTP));
        time.advance(Duration.ofMinutes(2));
    }

    private void assertNothingWasTouched() {
        assertThat(server.taken()).isEmpty();
        assertThat(mailer.taken()).isEmpty();
    }

    private Undelivered fresh(MailEvent event) {
        return Undelivered.fresh(event, time.instant());
    }

    private static <T extends Outcome> T as(Class<T> type, Outcome outcome) {
        return assertThat(outcome).asInstanceOf(InstanceOfAssertFactories.type(type)).actual();
    }
}
