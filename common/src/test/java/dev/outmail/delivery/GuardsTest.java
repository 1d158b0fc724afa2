package dev.outmail.delivery;

import static dev.outmail.delivery.RecipientVerdict.Verdict.ACCEPTED;
import static dev.outmail.delivery.RecipientVerdict.Verdict.DEFERRED;
import static dev.outmail.delivery.RecipientVerdict.Verdict.DROPPED;
import static dev.outmail.delivery.RecipientVerdict.Verdict.IN_DOUBT;
import static dev.outmail.delivery.RecipientVerdict.Verdict.REJECTED;
import static dev.outmail.delivery.TestEvents.ADA;
import static dev.outmail.delivery.TestEvents.BOB;
import static dev.outmail.delivery.TestEvents.PROJECTS;
import static dev.outmail.delivery.TestEvents.SERVER;
import static dev.outmail.delivery.TestEvents.snapshot;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.outmail.mail.EmailAddress;
import dev.outmail.mail.MailEvent;
import dev.outmail.mail.MailEvent.OnDoubt;
import dev.outmail.settings.AllowList;
import dev.outmail.settings.Connection;
import dev.outmail.settings.Guards;
import dev.outmail.settings.Settings;
import dev.outmail.settings.SettingsSnapshot;
import dev.outmail.testkit.ManualTime;
import dev.outmail.wire.LogEntry;
import dev.outmail.wire.RetryStateCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Whom `onlyTo` and `redirectTo` let have a mail, through all that may happen to it on its way.
class GuardsTest {
    private static final EmailAddress EVE = EmailAddress.parse("eve@example.net");
    private static final EmailAddress TESTER = EmailAddress.parse("tester@example.com");
    private static final Guards ONLY_ORG = onlyTo("example.org");
    private static final Guards REDIRECTED = Guards.NONE.withRedirectTo(TESTER);
    private static final SettingsSnapshot OPEN = bySmtp(Guards.NONE);

    private final ManualTime time = new ManualTime();
    private final FakeTransport server = new FakeTransport();
    private final FakeTransport mailer = new FakeTransport();
    private final Transports transports =
            new Transports(mailer, to -> server, RetryPolicy.DEFAULT, time.ticker());
    private final DeliveryEngine engine = new DeliveryEngine(transports, time);

    /// To Ada, who is allowed by most lists here, to Bob, who is too, and blindly to Eve.
    private final MailEvent event =
            TestEvents.toAda().cc(BOB.toString()).bcc(EVE.toString()).build();

    private final Undelivered mail = Undelivered.fresh(event, time.instant());

    // onlyTo

    @Test
    void whoIsNotAllowedIsDroppedAndTheOthersGetTheMail() throws InterruptedException {
        server.willJudge(ACCEPTED, ACCEPTED);

        var sent = as(Outcome.Sent.class, engine.attempt(mail, bySmtp(ONLY_ORG)));

        assertThat(envelopes()).containsExactly(List.of(ADA, BOB));
        assertThat(sent.reason()).isEqualTo(Reason.ACCEPTED);
        assertVerdicts(sent.attempt().after(), ADA, ACCEPTED, BOB, ACCEPTED, EVE, DROPPED);
        assertThat(sent.attempt().after().open()).isEmpty();
        assertThat(sent.attempt().verdicts().getLast().reason()).isEqualTo(Reason.NOT_ALLOWED);
        assertThat(log(mail, sent))
                .extracting(LogEntry.Recipient::address, LogEntry.Recipient::verdict)
                .containsExactly(
                        tuple(ADA.toString(), "accepted"),
                        tuple(BOB.toString(), "accepted"),
                        tuple(EVE.toString(), "dropped"));
    }

    @Test
    void aMailThatNobodyMayHaveIsDroppedAndTouchesNoTransport() throws InterruptedException {
        var dropped =
                as(Outcome.Dropped.class, engine.attempt(mail, bySmtp(onlyTo("example.edu"))));

        assertThat(dropped.reason()).isEqualTo(Reason.NOT_ALLOWED);
        assertThat(log(mail, dropped))
                .extracting(LogEntry.Recipient::verdict, LogEntry.Recipient::reason)
                .containsOnly(tuple("dropped", "not-allowed"))
                .hasSize(3);
        assertNothingWasTouched();
    }

    @Test
    void whoWasKeptBackOnceIsKeptBackThoughTheListGrows() throws InterruptedException {
        server.willJudge(ACCEPTED, DEFERRED);
        server.willJudge(ACCEPTED);

        var first = as(Outcome.Deferred.class, engine.attempt(mail, bySmtp(ONLY_ORG)));
        var left = travelled(first.attempt().after());
        var second = as(Outcome.Sent.class, engine.attempt(left, OPEN));

        assertThat(left.open()).containsExactly(BOB);
        assertThat(envelopes()).containsExactly(List.of(ADA, BOB), List.of(BOB));
        assertVerdicts(second.attempt().after(), ADA, ACCEPTED, EVE, DROPPED, BOB, ACCEPTED);
        assertThat(log(left, second)).hasSize(3);
    }

    @Test
    void troubleDecidesAboutNobody() throws InterruptedException {
        server.willFail(TransportResult.Kind.SERVER);
        server.willJudge(ACCEPTED, ACCEPTED, ACCEPTED);

        as(Outcome.Troubled.class, engine.attempt(mail, bySmtp(ONLY_ORG)));
        as(Outcome.Sent.class, engine.attempt(mail, OPEN));

        assertThat(envelopes()).containsExactly(List.of(ADA, BOB), List.of(ADA, BOB, EVE));
    }

    @Test
    void whereTheOthersHaveTheMailItIsSentThoughTheLastOneIsKeptBack() throws InterruptedException {
        server.willJudge(ACCEPTED, ACCEPTED, DEFERRED);
        var first = as(Outcome.Deferred.class, engine.attempt(mail, OPEN)).attempt();
        var left = travelled(first.after());

        var sent = as(Outcome.Sent.class, engine.attempt(left, bySmtp(ONLY_ORG)));

        assertThat(server.taken()).hasSize(1);
        assertThat(sent.attempt().after().open()).isEmpty();
        assertThat(log(left, sent))
                .extracting(LogEntry.Recipient::address, LogEntry.Recipient::verdict)
                .containsExactly(
                        tuple(ADA.toString(), "accepted"),
                        tuple(BOB.toString(), "accepted"),
                        tuple(EVE.toString(), "dropped"));
    }

    @Test
    void aRefusalStaysTheOutcomeThoughTheLastOneIsKeptBack() throws InterruptedException {
        server.willJudge(ACCEPTED, REJECTED, DEFERRED);
        var first = as(Outcome.Deferred.class, engine.attempt(mail, OPEN)).attempt();

        var outcome = engine.attempt(travelled(first.after()), bySmtp(ONLY_ORG));

        var rejected = as(Outcome.Rejected.class, outcome);
        assertThat(rejected.reason()).isEqualTo(Reason.UNKNOWN_RECIPIENT);
        assertVerdicts(rejected.attempt().after(), ADA, ACCEPTED, BOB, REJECTED, EVE, DROPPED);
    }

    @Test
    void aMailThatOneAfterTheOtherMayNotHaveIsDropped() throws InterruptedException {
        server.willJudge(DEFERRED, DEFERRED);
        var first = as(Outcome.Deferred.class, engine.attempt(mail, bySmtp(ONLY_ORG))).attempt();

        var outcome = engine.attempt(travelled(first.after()), bySmtp(onlyTo("example.edu")));

        assertThat(as(Outcome.Dropped.class, outcome).reason()).isEqualTo(Reason.NOT_ALLOWED);
        assertThat(log(first.after(), outcome))
                .extracting(LogEntry.Recipient::address, LogEntry.Recipient::verdict)
                .containsExactlyInAnyOrder(
                        tuple(ADA.toString(), "dropped"),
                        tuple(BOB.toString(), "dropped"),
                        tuple(EVE.toString(), "dropped"));
    }

    @Test
    void aMailThatIsGivenUpHasItForWhomItWasKeptBackToo() throws InterruptedException {
        time.advance(Settings.INITIAL.giveUpAfter());
        server.willJudge(ACCEPTED, DEFERRED);

        var outcome = engine.attempt(mail, bySmtp(ONLY_ORG));

        var expired = as(Outcome.Expired.class, outcome);
        assertThat(log(mail, expired))
                .extracting(LogEntry.Recipient::verdict)
                .containsExactly("accepted", "deferred", "dropped");
    }

    @Test
    void underDisabledNobodyAsksWhoIsAllowed() throws InterruptedException {
        var settings = snapshot(settings(new Connection.Disabled(), ONLY_ORG));

        var dropped = as(Outcome.Dropped.class, engine.attempt(mail, settings));

        assertThat(dropped.reason()).isEqualTo(Reason.DISABLED);
    }

    @Test
    void aMailThatCantBeComposedIsRejectedForWhomItWasFor() throws InterruptedException {
        var broken = Undelivered.fresh(event, Instant.MAX);

        var rejected = as(Outcome.Rejected.class, engine.attempt(broken, bySmtp(ONLY_ORG)));

        assertVerdicts(rejected.attempt().after(), ADA, REJECTED, BOB, REJECTED, EVE, DROPPED);
    }

    // in doubt

    @Test
    void aMailInDoubtIsInDoubtForWhomItWasSentTo() throws InterruptedException {
        server.willJudge(IN_DOUBT, IN_DOUBT);
        server.willJudge(ACCEPTED, ACCEPTED);

        var doubt = as(Outcome.InDoubt.class, engine.attempt(mail, bySmtp(ONLY_ORG))).attempt();
        var sent = as(Outcome.Sent.class, engine.attempt(travelled(doubt.after()), OPEN)).attempt();

        assertThat(envelopes()).containsExactly(List.of(ADA, BOB), List.of(ADA, BOB));
        assertVerdicts(sent.after(), EVE, DROPPED, ADA, ACCEPTED, BOB, ACCEPTED);
    }

    @Test
    void aMailThatIsHeldInDoubtSaysForWhom() throws InterruptedException {
        var held = TestEvents.toAda().bcc(EVE.toString()).onDoubt(OnDoubt.HOLD).build();
        server.willJudge(IN_DOUBT);

        var outcome = engine.attempt(Undelivered.fresh(held, time.instant()), bySmtp(ONLY_ORG));

        var attempt = as(Outcome.HeldInDoubt.class, outcome).attempt();
        assertThat(attempt.after().open()).containsExactly(ADA);
        assertVerdicts(attempt.after(), EVE, DROPPED);
    }

    @Test
    void whoFindsAnAttemptInDoubtLearnsWhoWasKeptBack() {
        var noted = new Noted();
        server.willAnswer(message -> {
            message.clearance().begin(List.of());
            message.clearance().begin(List.of(FakeTransport.verdict(ADA, ACCEPTED)));
            throw new InterruptedException("the worker is killed");
        });
        assertThatExceptionOfType(InterruptedException.class)
                .isThrownBy(() -> engine.attempt(mail, bySmtp(ONLY_ORG), () -> noted));

        assertThat(noted.recipients()).containsExactly(List.of(EVE), List.of(ADA, EVE));
        var doubt = as(Outcome.InDoubt.class, engine.interrupted(mail, OPEN, noted.last()));
        assertThat(doubt.attempt().after().open()).containsExactly(BOB);
        assertVerdicts(doubt.attempt().after(), ADA, ACCEPTED, EVE, DROPPED);
    }

    @Test
    void whatWasSaidOfTheOneInTheirPlaceIsNotedOfTheRecipients() throws InterruptedException {
        var noted = new Noted();
        server.willAnswer(message -> {
            message.clearance().begin(List.of());
            message.clearance().begin(List.of(FakeTransport.verdict(TESTER, ACCEPTED)));
            return new TransportResult.Judged(
                    FakeTransport.NAME, List.of(FakeTransport.verdict(TESTER, ACCEPTED)), "ok");
        });

        engine.attempt(mail, bySmtp(REDIRECTED), () -> noted);

        assertThat(noted.recipients()).containsExactly(List.of(), List.of(ADA, BOB, EVE));
    }

    // redirectTo

    @Test
    void aRedirectedMailIsOneMailWhoeverItIsFor() throws InterruptedException {
        server.willJudge(ACCEPTED);
        server.willJudge(ACCEPTED, ACCEPTED, ACCEPTED);

        var sent = as(Outcome.Sent.class, engine.attempt(mail, bySmtp(REDIRECTED)));
        as(Outcome.Sent.class, engine.attempt(mail, OPEN));

        assertThat(envelopes()).containsExactly(List.of(TESTER), List.of(ADA, BOB, EVE));
        assertThat(sent.reason()).isEqualTo(Reason.REDIRECTED);
        assertThat(sent.detail()).isEqualTo("redirected to tester@example.com: that was all");
        assertVerdicts(sent.attempt().after(), ADA, ACCEPTED, BOB, ACCEPTED, EVE, ACCEPTED);
        assertThat(log(mail, sent))
                .extracting(LogEntry.Recipient::reason, LogEntry.Recipient::detail)
                .containsOnly(
                        tuple(
                                "redirected",
                                "redirected to tester@example.com: ACCEPTED by the fake"));
        // as the recipients would have it, and without a word of who gets it blindly
        assertThat(message(0))
                .isEqualTo(message(1))
                .contains("To: ada@example.org", "Cc: bob@example.org")
                .doesNotContain("eve@", "tester@");
    }

    @ParameterizedTest
    @EnumSource(names = {"DEFERRED", "REJECTED", "IN_DOUBT"})
    void whatIsSaidOfTheOneInTheirPlaceIsSaidOfAll(RecipientVerdict.Verdict said)
            throws InterruptedException {
        server.willJudge(said);

        var outcome = engine.attempt(mail, bySmtp(REDIRECTED));

        assertThat(outcome.reason()).isEqualTo(FakeTransport.verdict(TESTER, said).reason());
        assertThat(outcome.detail()).startsWith("redirected to tester@example.com: " + said);
        assertThat(log(mail, outcome))
                .extracting(LogEntry.Recipient::address, LogEntry.Recipient::verdict)
                .containsExactly(
                        tuple(ADA.toString(), said.wireName()),
                        tuple(BOB.toString(), said.wireName()),
                        tuple(EVE.toString(), said.wireName()));
    }

    @Test
    void onlyWhatIsLeftIsRedirected() throws InterruptedException {
        server.willJudge(ACCEPTED, DEFERRED, DEFERRED);
        server.willJudge(DEFERRED);
        server.willJudge(ACCEPTED, ACCEPTED);

        var first = as(Outcome.Deferred.class, engine.attempt(mail, OPEN)).attempt();
        var second =
                as(
                                Outcome.Deferred.class,
                                engine.attempt(travelled(first.after()), bySmtp(REDIRECTED)))
                        .attempt();
        var third = as(Outcome.Sent.class, engine.attempt(travelled(second.after()), OPEN));

        assertThat(envelopes())
                .containsExactly(List.of(ADA, BOB, EVE), List.of(TESTER), List.of(BOB, EVE));
        assertVerdicts(third.attempt().after(), ADA, ACCEPTED, BOB, ACCEPTED, EVE, ACCEPTED);
    }

    @Test
    void silentShowsARedirectedMailAsItWouldBeSent() throws InterruptedException {
        var settings = snapshot(settings(new Connection.Silent(), REDIRECTED));

        var silenced = as(Outcome.Silenced.class, engine.attempt(mail, settings));

        assertThat(silenced.reason()).isEqualTo(Reason.SILENT);
        assertThat(silenced.detail()).startsWith("redirected to tester@example.com: ");
        assertThat(log(mail, silenced))
                .extracting(LogEntry.Recipient::verdict, LogEntry.Recipient::reason)
                .containsOnly(tuple("accepted", "redirected"))
                .hasSize(3);
        assertNothingWasTouched();
    }

    @Test
    void theNativeMailerIsHandedTheOneInTheirPlaceToo() throws InterruptedException {
        mailer.willJudge(ACCEPTED);
        var settings = snapshot(settings(new Connection.NativeMailer(), REDIRECTED));

        as(Outcome.Sent.class, engine.attempt(mail, settings));

        assertThat(mailer.taken())
                .singleElement()
                .satisfies(taken ->
                        assertThat(taken.envelope())
                                .isEqualTo(new Envelope(PROJECTS.address(), List.of(TESTER))));
    }

    /// Each guard only takes away.
    @Test
    void underBothWhoIsNotAllowedIsKeptBackAndTheOthersAreRedirected() throws InterruptedException {
        server.willJudge(ACCEPTED);
        var both = ONLY_ORG.withRedirectTo(TESTER);

        var sent = as(Outcome.Sent.class, engine.attempt(mail, bySmtp(both)));
        var nobody = engine.attempt(mail, bySmtp(onlyTo("example.edu").withRedirectTo(TESTER)));

        assertThat(envelopes()).containsExactly(List.of(TESTER));
        assertVerdicts(sent.attempt().after(), ADA, ACCEPTED, BOB, ACCEPTED, EVE, DROPPED);
        as(Outcome.Dropped.class, nobody);
    }

    @Test
    void anAddressBeyondAsciiInTheEnvelopeAloneIsToldToTheTransport() throws InterruptedException {
        server.willJudge(ACCEPTED);
        server.willJudge(ACCEPTED);
        var blind = TestEvents.toAda().bcc("üda@example.net").build();

        engine.attempt(Undelivered.fresh(blind, time.instant()), bySmtp(onlyTo("üda@example.net")));
        engine.attempt(Undelivered.fresh(blind, time.instant()), bySmtp(ONLY_ORG));

        assertThat(server.taken())
                .extracting(Outbound::requiresSmtpUtf8)
                .containsExactly(true, false);
    }

    /// What its header says in raw bytes is its own affair.
    @Test
    void aFinishedMessageNeedsSmtpUtf8ForThoseAddressesOfItsEnvelopeAlone()
            throws InterruptedException {
        server.willJudge(ACCEPTED, ACCEPTED);
        var bytes =
                "From: a@example.com\nSubject: Gr\u00fc\u00dfe\n\nb\n"
                        .getBytes(StandardCharsets.UTF_8);
        var finished =
                MailEvent.builder()
                        .id("1")
                        .to("ada@example.net", "\u00fcda@example.net")
                        .message(bytes)
                        .build();

        engine.attempt(Undelivered.fresh(finished, time.instant()), OPEN);

        assertThat(server.taken())
                .extracting(Outbound::requiresSmtpUtf8, Outbound::headerRequiresSmtpUtf8)
                .containsExactly(tuple(true, false));
    }

    @Test
    void whoIsKeptBackNeedsNoSender() throws InterruptedException {
        var settings =
                snapshot(
                        Settings.INITIAL.withConnection(SERVER).withGuards(onlyTo("none.example")));

        as(Outcome.Dropped.class, engine.attempt(mail, settings));
    }

    /// What a ledger's clearance is told.
    private static final class Noted implements Clearance {
        private final List<List<RecipientVerdict>> notes = new ArrayList<>();

        @Override
        public void begin(Collection<RecipientVerdict> settled) {
            notes.add(List.copyOf(settled));
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public boolean granted() {
            return true;
        }

        List<RecipientVerdict> last() {
            return notes.getLast();
        }

        List<List<EmailAddress>> recipients() {
            return notes.stream()
                    .map(note -> note.stream().map(RecipientVerdict::recipient).toList())
                    .toList();
        }
    }

    private static Guards onlyTo(String... entries) {
        return Guards.NONE.withOnlyTo(AllowList.of(List.of(entries)));
    }

    private static SettingsSnapshot bySmtp(Guards guards) {
        return snapshot(settings(SERVER, guards));
    }

    private static Settings settings(Connection connection, Guards guards) {
        return Settings.INITIAL.withConnection(connection).withSender(PROJECTS).withGuards(guards);
    }

    /// What is left, after it waited in a delay topic.
    private Undelivered travelled(Undelivered left) {
        var header = RetryStateCodec.encode(left.retryState(null, 0));
        time.advance(Duration.ofMinutes(1));
        return Undelivered.of(
                event, RetryStateCodec.decode(header, time.instant()), time.instant());
    }

    private List<List<EmailAddress>> envelopes() {
        return server.taken().stream().map(taken -> taken.envelope().recipients()).toList();
    }

    private String message(int number) {
        return new String(server.taken().get(number).message(), StandardCharsets.UTF_8);
    }

    private List<LogEntry.Recipient> log(Undelivered before, Outcome outcome) {
        return new LogEntries("worker-1")
                .entry(before, outcome, time.instant(), Duration.ZERO, null)
                .recipients();
    }

    private void assertNothingWasTouched() {
        assertThat(server.taken()).isEmpty();
        assertThat(mailer.taken()).isEmpty();
    }

    /// @param said a recipient and the verdict, in turn
    private static void assertVerdicts(Undelivered after, Object... said) {
        var all = new ArrayList<Object>();
        for (var one : after.judged()) {
            all.add(one.recipient());
            all.add(one.verdict());
        }
        assertThat(all).containsExactly(said);
    }

    private static <T extends Outcome> T as(Class<T> type, Outcome outcome) {
        return assertThat(outcome).asInstanceOf(InstanceOfAssertFactories.type(type)).actual();
    }
}
