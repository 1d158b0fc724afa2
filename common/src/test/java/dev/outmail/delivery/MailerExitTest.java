package dev.outmail.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.delivery.RecipientVerdict.Verdict;
import dev.outmail.delivery.TransportResult.Kind;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MailerExitTest {

    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
                    0,   ACCEPTED, ACCEPTED
                    64,  REJECTED, REFUSED
                    65,  REJECTED, REFUSED
                    66,  REJECTED, REFUSED
                    67,  REJECTED, REFUSED
                    68,  REJECTED, REFUSED
                    70,  REJECTED, MAILER_FAILED
                    76,  REJECTED, REFUSED
                    1,   DEFERRED, MAILER_FAILED
                    2,   DEFERRED, MAILER_FAILED
                    63,  DEFERRED, MAILER_FAILED
                    72,  DEFERRED, MAILER_FAILED
                    79,  DEFERRED, MAILER_FAILED
                    126, DEFERRED, MAILER_FAILED
                    127, DEFERRED, MAILER_FAILED
                    129, IN_DOUBT, ANSWER_LOST
                    137, IN_DOUBT, ANSWER_LOST
                    143, IN_DOUBT, ANSWER_LOST
                    255, IN_DOUBT, ANSWER_LOST
                    """)
    void someExitsJudgeTheMessage(int status, Verdict verdict, Reason reason) {
        assertThat(MailerExit.of(status)).isEqualTo(new MailerExit.Judged(verdict, reason));
    }

    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
                    69, SERVER
                    71, SERVER
                    73, SERVER
                    74, SERVER
                    75, SERVER
                    77, CREDENTIALS
                    78, CREDENTIALS
                    """)
    void someExitsSayNothingOfTheMessage(int status, Kind kind) {
        assertThat(MailerExit.of(status))
                .isEqualTo(new MailerExit.Trouble(kind, Reason.MAILER_FAILED));
    }

    @Test
    void anUnknownExitIsNeverPermanent() {
        IntStream unknown = IntStream.rangeClosed(1, 255).filter(s -> s < 64 || s > 78 || s == 72);

        assertThat(unknown)
                .noneMatch(status ->
                        MailerExit.of(status) instanceof MailerExit.Judged judged
                                && judged.verdict() == Verdict.REJECTED);
    }
}
