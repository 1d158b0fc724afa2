package dev.outmail.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.outmail.delivery.RecipientVerdict.Verdict;
import dev.outmail.delivery.TransportResult.Kind;
import dev.outmail.delivery.TransportResult.Trouble;
import dev.outmail.mail.EmailAddress;
import org.junit.jupiter.api.Test;

class VerdictSheetTest {
    private static final EmailAddress A = TestMails.address("a@example.org");
    private static final EmailAddress B = TestMails.address("b@example.org");
    private static final Trouble TROUBLE =
            new Trouble("server", Kind.SERVER, Reason.UNAVAILABLE, "421 closing");

    private final VerdictSheet sheet =
            new VerdictSheet(TestMails.to("b@example.org", "a@example.org").envelope());

    @Test
    void verdictsComeInTheOrderOfTheEnvelope() {
        sheet.judge(A, Verdict.REJECTED, Reason.UNKNOWN_RECIPIENT, "550");
        sheet.judge(B, Verdict.ACCEPTED, Reason.ACCEPTED, "250");

        var result = sheet.result("server");

        assertThat(result.verdicts()).extracting(RecipientVerdict::recipient).containsExactly(B, A);
        assertThat(result.detail()).isEqualTo("250");
    }

    @Test
    void aVerdictOnceGivenStays() {
        sheet.judge(A, Verdict.ACCEPTED, Reason.ACCEPTED, "250");

        sheet.judgeRest(Verdict.DEFERRED, Reason.TEMPORARY, "451");
        sheet.judge(A, Verdict.REJECTED, Reason.REFUSED, "550");

        assertThat(sheet.result("server").verdicts())
                .extracting(RecipientVerdict::verdict)
                .containsExactly(Verdict.DEFERRED, Verdict.ACCEPTED);
    }

    @Test
    void nobodyIsLeftWithoutAVerdict() {
        sheet.judge(A, Verdict.ACCEPTED, Reason.ACCEPTED, "250");

        assertThatIllegalStateException().isThrownBy(() -> sheet.result("server"));
    }

    @Test
    void troubleThatFollowsNoSettledVerdictStaysTrouble() {
        sheet.judge(A, Verdict.DEFERRED, Reason.GREYLISTED, "450");

        assertThat(sheet.result(TROUBLE)).isEqualTo(TROUBLE);
    }

    @Test
    void troubleThatFollowsASettledVerdictDefersTheRest() {
        sheet.judge(A, Verdict.REJECTED, Reason.UNKNOWN_RECIPIENT, "550");

        var result = sheet.result(TROUBLE);

        assertThat(result)
                .isInstanceOfSatisfying(
                        TransportResult.Judged.class,
                        judged ->
                                assertThat(judged.verdicts())
                                        .containsExactly(
                                                new RecipientVerdict(
                                                        B,
                                                        Verdict.DEFERRED,
                                                        Reason.UNAVAILABLE,
                                                        "421 closing"),
                                                new RecipientVerdict(
                                                        A,
                                                        Verdict.REJECTED,
                                                        Reason.UNKNOWN_RECIPIENT,
                                                        "550")));
    }

    @Test
    void detailsArePrintable() {
        sheet.judgeRest(Verdict.REJECTED, Reason.REFUSED, "550 \u001b[2J");

        assertThat(sheet.result("server").detail()).isEqualTo("550 \\u001b[2J");
    }
}
