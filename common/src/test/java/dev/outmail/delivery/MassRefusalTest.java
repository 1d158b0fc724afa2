package dev.outmail.delivery;

import static dev.outmail.delivery.TestEvents.ADA;
import static dev.outmail.delivery.TestEvents.BOB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.delivery.RecipientVerdict.Verdict;
import dev.outmail.testkit.ManualTime;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class MassRefusalTest {
    private final ManualTime time = new ManualTime();
    private final MassRefusal guard = new MassRefusal(time.ticker());

    private static TransportResult.Judged judged(Verdict verdict, Reason reason, String detail) {
        return new TransportResult.Judged(
                "smtp.example.com:25",
                List.of(new RecipientVerdict(ADA, verdict, reason, detail)),
                detail);
    }

    private static TransportResult.Judged refused(int message) {
        return judged(
                Verdict.REJECTED,
                Reason.POLICY,
                "550 5.7.1 <user%d@example.org>: 10.0.0.1 is blocked, see id=%dF"
                        .formatted(message, message * 7919));
    }

    private void refuse(int count) {
        for (int i = 0; i < count; i++) {
            assertThat(guard.check(refused(i), false)).isEqualTo(refused(i));
        }
    }

    @Test
    void theTenthRefusalInARowInTheSameWordsIsTroubleWithWhoWeAre() {
        refuse(9);

        var tenth = guard.check(refused(10), false);

        assertThat(tenth)
                .isInstanceOfSatisfying(
                        TransportResult.Trouble.class,
                        trouble -> {
                            assertThat(trouble.kind()).isEqualTo(TransportResult.Kind.CREDENTIALS);
                            assertThat(trouble.reason()).isEqualTo(Reason.ALL_REFUSED);
                            assertThat(trouble.detail()).contains("550 5.7.1").contains("check");
                        });
        assertThat(guard.check(refused(11), false)).isInstanceOf(TransportResult.Trouble.class);
    }

    @Test
    void oneMessageThatIsAcceptedShowsThatItIsNotUs() {
        refuse(9);
        var accepted = judged(Verdict.ACCEPTED, Reason.ACCEPTED, "250 ok");

        assertThat(guard.check(accepted, false)).isEqualTo(accepted);

        refuse(9);
    }

    @Test
    void otherWordsBeginAnotherCount() {
        refuse(9);

        var other = judged(Verdict.REJECTED, Reason.REFUSED, "554 5.6.0 content");
        assertThat(guard.check(other, false)).isEqualTo(other);

        refuse(9);
    }

    @ParameterizedTest
    @EnumSource(names = {"UNKNOWN_RECIPIENT", "MAILBOX_FULL", "MAILBOX_DISABLED", "TOO_LARGE"})
    void whatIsTheRecipientsFaultIsNeverOurs(Reason reason) {
        for (int i = 0; i < 100; i++) {
            var refused = judged(Verdict.REJECTED, reason, "550 5.1.1 no such user");
            assertThat(guard.check(refused, false)).isEqualTo(refused);
        }
    }

    @Test
    void amongDeferralsTwentyWithinAMinuteAreTooMany() {
        var deferred = judged(Verdict.DEFERRED, Reason.GREYLISTED, "450 later");
        for (int i = 0; i < 19; i++) {
            refuse(1);
            assertThat(guard.check(deferred, false)).isEqualTo(deferred);
            time.advance(Duration.ofSeconds(2));
        }

        assertThat(guard.check(refused(20), false)).isInstanceOf(TransportResult.Trouble.class);
    }

    @Test
    void spreadOverTimeAndAmongOthersTheyAreNot() {
        var deferred = judged(Verdict.DEFERRED, Reason.GREYLISTED, "450 later");
        for (int i = 0; i < 100; i++) {
            refuse(1);
            assertThat(guard.check(deferred, false)).isEqualTo(deferred);
            time.advance(Duration.ofSeconds(4));
        }
    }

    @Test
    void aMessageThatSomebodyGotIsNotRefused() {
        var half =
                new TransportResult.Judged(
                        "smtp.example.com:25",
                        List.of(
                                new RecipientVerdict(
                                        ADA, Verdict.REJECTED, Reason.POLICY, "550 5.7.1 no"),
                                new RecipientVerdict(
                                        BOB, Verdict.ACCEPTED, Reason.ACCEPTED, "250 ok")),
                        "250 ok");
        for (int i = 0; i < 30; i++) {
            assertThat(guard.check(half, false)).isEqualTo(half);
        }
    }

    @Test
    void otherSettingsAreAnotherChance() {
        refuse(9);
        guard.settingsChanged();

        refuse(9);
    }

    @ParameterizedTest
    @CsvSource({"SERVER, UNREACHABLE", "CREDENTIALS, LOGIN_FAILED"})
    void troubleStaysWhatItIs(TransportResult.Kind kind, Reason reason) {
        var trouble = new TransportResult.Trouble("smtp.example.com:25", kind, reason, "no");

        assertThat(guard.check(trouble, false)).isEqualTo(trouble);
    }

    @Test
    void afterARefusalOfAllThatOthersNoticedOneMoreIsNoVerdict() {
        assertThat(guard.check(refused(1), true)).isInstanceOf(TransportResult.Trouble.class);
    }
}
