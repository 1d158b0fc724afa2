package dev.outmail.delivery;

import static dev.outmail.delivery.TestEvents.ADA;
import static dev.outmail.delivery.TestEvents.BOB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.delivery.RecipientVerdict.Verdict;
import dev.outmail.mail.EmailAddress;
import dev.outmail.mail.MailEvent;
import dev.outmail.wire.RetryHeader;
import dev.outmail.wire.RetryState;
import dev.outmail.wire.RetryStateCodec;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class UndeliveredTest {
    private static final Instant ACCEPTED = Instant.parse("2026-01-15T11:00:00Z");
    private static final Instant APPENDED = Instant.parse("2026-01-15T12:00:00Z");
    private static final EmailAddress EVE = EmailAddress.parse("eve@example.org");
    private static final EmailAddress STRANGER = EmailAddress.parse("stranger@example.net");
    private static final MailEvent EVENT =
            TestEvents.toAda().cc(BOB.toString()).bcc(EVE.toString()).build();

    private static RecipientVerdict accepted(EmailAddress recipient) {
        return new RecipientVerdict(recipient, Verdict.ACCEPTED, Reason.ACCEPTED, "250 2.0.0 ok");
    }

    private static RecipientVerdict rejected(EmailAddress recipient) {
        return new RecipientVerdict(
                recipient, Verdict.REJECTED, Reason.UNKNOWN_RECIPIENT, "550 5.1.1 who?");
    }

    private static RecipientVerdict deferred(EmailAddress recipient) {
        return new RecipientVerdict(
                recipient, Verdict.DEFERRED, Reason.GREYLISTED, "451 4.7.1 later");
    }

    private static RetryState.Judged judged(EmailAddress recipient, String reason, String detail) {
        return new RetryState.Judged(recipient, RetryState.Verdict.REJECTED, reason, detail);
    }

    private static RetryState state(
            int attempt, @Nullable List<EmailAddress> open, RetryState.Judged... judged) {
        return new RetryState(attempt, ACCEPTED, null, 0, open, List.of(judged));
    }

    @Test
    void whatIsLeftAfterAnAttemptIsTheSameAfterTheJourneyOfItsHeader() {
        var left =
                Undelivered.fresh(EVENT, ACCEPTED)
                        .after(List.of(rejected(EVE), deferred(ADA), deferred(BOB)))
                        .after(List.of(accepted(BOB), deferred(ADA)));

        var header = RetryStateCodec.encode(left.retryState(APPENDED, 3));
        var arrived = Undelivered.of(EVENT, RetryStateCodec.decode(header, APPENDED), APPENDED);

        assertThat(arrived).isEqualTo(left);
        assertThat(arrived.attempts()).isEqualTo(2);
        assertThat(arrived.judged()).containsExactly(rejected(EVE), accepted(BOB));
    }

    @Test
    void whoWasKeptBackStaysSo() {
        var keptBack = new RecipientVerdict(EVE, Verdict.DROPPED, Reason.NOT_ALLOWED, "kept back");
        var left =
                Undelivered.fresh(EVENT, ACCEPTED)
                        .after(List.of(accepted(ADA), deferred(BOB), keptBack));

        var header = RetryStateCodec.encode(left.retryState(APPENDED, 3));
        var arrived = Undelivered.of(EVENT, RetryStateCodec.decode(header, APPENDED), APPENDED);

        assertThat(arrived).isEqualTo(left);
        assertThat(arrived.open()).containsExactly(BOB);
        assertThat(arrived.judged()).containsExactly(accepted(ADA), keptBack);
    }

    @Test
    void theStateHasTheNumberOfTheAttemptToCome() {
        var left = Undelivered.fresh(EVENT, ACCEPTED).after(List.of(deferred(ADA)));

        var state = left.retryState(APPENDED, 3);

        assertThat(state).isEqualTo(new RetryState(2, ACCEPTED, APPENDED, 3, null, List.of()));
        assertThat(Undelivered.fresh(EVENT, ACCEPTED).retryState(null, 0).attempt()).isEqualTo(1);
    }

    @Test
    void withoutAUsableHeaderAnEventIsFresh() {
        var fresh = Undelivered.fresh(EVENT, APPENDED);

        assertThat(Undelivered.of(EVENT, new RetryHeader.None(), APPENDED)).isEqualTo(fresh);
        assertThat(Undelivered.of(EVENT, new RetryHeader.Invalid("x"), APPENDED)).isEqualTo(fresh);
    }

    @Test
    void aHeaderThatLeavesNobodyOpenIsNone() {
        var nobody = new RetryHeader.Present(state(5, List.of()));
        var strangers = new RetryHeader.Present(state(5, List.of(STRANGER)));
        var fresh = Undelivered.fresh(EVENT, APPENDED);

        assertThat(Undelivered.of(EVENT, nobody, APPENDED)).isEqualTo(fresh);
        assertThat(Undelivered.of(EVENT, strangers, APPENDED)).isEqualTo(fresh);
    }

    @Test
    void nobodyButTheEventsRecipientsIsServed() {
        var resumed =
                Undelivered.resumed(
                                EVENT,
                                state(
                                        2,
                                        List.of(STRANGER, BOB),
                                        judged(STRANGER, "policy", ""),
                                        judged(EVE, "policy", "no")))
                        .orElseThrow();

        assertThat(resumed.open()).containsExactly(BOB);
        assertThat(resumed.judged())
                .containsExactly(new RecipientVerdict(EVE, Verdict.REJECTED, Reason.POLICY, "no"));
    }

    /// Better twice than not at all.
    @Test
    void whoIsSaidToBeOpenAndJudgedIsOpen() {
        var resumed =
                Undelivered.resumed(EVENT, state(2, null, judged(ADA, "policy", ""))).orElseThrow();

        assertThat(resumed.open()).containsExactly(ADA, BOB, EVE);
        assertThat(resumed.judged()).isEmpty();
    }

    @Test
    void aRecipientIsJudgedOnce() {
        var resumed =
                Undelivered.resumed(
                                EVENT,
                                state(
                                        2,
                                        List.of(ADA),
                                        judged(BOB, "policy", "first"),
                                        judged(BOB, "policy", "second")))
                        .orElseThrow();

        assertThat(resumed.judged()).extracting(RecipientVerdict::detail).containsExactly("first");
    }

    @Test
    void aReasonThatNobodyKnowsIsARefusalAndItsWordsAreMadePrintable() {
        var resumed =
                Undelivered.resumed(
                                EVENT, state(2, List.of(ADA), judged(BOB, "magic", "\u001b[2J")))
                        .orElseThrow();

        assertThat(resumed.judged())
                .containsExactly(
                        new RecipientVerdict(BOB, Verdict.REJECTED, Reason.REFUSED, "\\u001b[2J"));
    }

    @Test
    void everyReasonIsFoundByItsName() {
        for (var reason : Reason.values()) {
            assertThat(Reason.of(reason.wireName())).contains(reason);
        }
        assertThat(Reason.of("magic")).isEmpty();
    }
}
