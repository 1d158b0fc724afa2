package dev.outmail.delivery.smtp;

import static dev.outmail.delivery.smtp.Rig.assertAll;
import static dev.outmail.delivery.smtp.Rig.assertTrouble;
import static dev.outmail.delivery.smtp.Rig.assertVerdicts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.outmail.delivery.Reason;
import dev.outmail.delivery.RecipientVerdict.Verdict;
import dev.outmail.delivery.TestMails;
import dev.outmail.delivery.TransportResult;
import dev.outmail.delivery.TransportResult.Busy;
import dev.outmail.delivery.TransportResult.Judged;
import dev.outmail.delivery.TransportResult.Kind;
import dev.outmail.delivery.TransportResult.Trouble;
import dev.outmail.delivery.smtp.Rig.Manner;
import dev.outmail.settings.Connection.Security;
import dev.outmail.testkit.smtp.Act;
import dev.outmail.testkit.smtp.ScriptedSmtpServer;
import dev.outmail.testkit.smtp.TestCertificates;
import dev.outmail.testkit.smtp.TestCertificates.Identity;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// No server holds an attempt longer than its deadline, or fills our memory.
@Timeout(60)
@ParameterizedClass
@EnumSource
class HostileServerTest {
    private final Manner manner;

    HostileServerTest(Manner manner) {
        this.manner = manner;
    }

    private static final Duration AMPLE = Duration.ofSeconds(30);

    /// Impatient with answers.
    private static final SmtpTimeouts SHORT_READ =
            new SmtpTimeouts(AMPLE, AMPLE, Duration.ofMillis(400), Duration.ofMillis(600), AMPLE);

    /// Patient with answers, not with the whole.
    private static final SmtpTimeouts SHORT_ATTEMPT =
            new SmtpTimeouts(AMPLE, AMPLE, AMPLE, AMPLE, Duration.ofMillis(400));

    @Test
    void aServerThatHangsIsTroubleAfterTheReadTimeout() throws Exception {
        atEach(
                List.of("CONNECT", "EHLO", "MAIL"),
                moment -> {
                    try (Rig rig = rig(SHORT_READ)) {
                        rig.server.once(moment, Act.hang());

                        var result = rig.deliver(TestMails.to("a@example.net"));

                        assertTrouble(result, Kind.SERVER, Reason.DEADLINE_EXCEEDED);
                        assertVerdicts(
                                rig.deliver(TestMails.to("b@example.net")), Verdict.ACCEPTED);
                    }
                });
    }

    @Test
    void aServerThatHangsInMidTransactionDefers() throws Exception {
        atEach(
                List.of("RCPT", "DATA"),
                moment -> {
                    try (Rig rig = rig(SHORT_READ)) {
                        rig.server.once(moment, Act.hang());

                        var result = rig.deliver(TestMails.to("a@example.net"));

                        assertAll(result, Verdict.DEFERRED, Reason.DEADLINE_EXCEEDED);
                    }
                });
    }

    @Test
    void aServerThatHangsAfterTheDotIsInDoubtAfterTheDotsOwnTimeout() throws Exception {
        try (Rig rig = rig(SHORT_READ)) {
            rig.server.once(".", Act.hang());

            var result = rig.deliver(TestMails.to("a@example.net"));

            assertAll(result, Verdict.IN_DOUBT, Reason.ANSWER_LOST);
            assertVerdicts(rig.deliver(TestMails.to("b@example.net")), Verdict.ACCEPTED);
        }
    }

    @Test
    void theAnswerToTheDotMayTakeLongerThanOthers() throws Exception {
        var timeouts = new SmtpTimeouts(AMPLE, AMPLE, Duration.ofMillis(300), AMPLE, AMPLE);
        try (Rig rig = rig(timeouts)) {
            rig.server.once(".", Act.after(Duration.ofMillis(600), Act.reply("250 at last")));

            var result = rig.deliver(TestMails.to("a@example.net"));
            rig.server.once("MAIL", Act.hang());
            var next = rig.deliver(TestMails.to("b@example.net"));

            assertVerdicts(result, Verdict.ACCEPTED);
            assertTrouble(next, Kind.SERVER, Reason.DEADLINE_EXCEEDED);
        }
    }

    @Test
    void aServerThatAnswersAByteAtATimeIsNotWaitedForByTheByte() throws Exception {
        atEach(
                List.of("CONNECT", "EHLO", "MAIL", "RCPT", "DATA", "."),
                moment -> {
                    try (Rig rig = rig(SHORT_READ)) {
                        rig.server.once(
                                moment,
                                Act.slowly(Duration.ofMillis(50), "250 " + "x".repeat(1_000)));

                        var result = rig.deliver(TestMails.to("a@example.net"));

                        assertUnfinished(moment, result);
                        assertVerdicts(
                                rig.deliver(TestMails.to("b@example.net")), Verdict.ACCEPTED);
                    }
                });
    }

    @Test
    void noServerHoldsAnAttemptBeyondItsDeadline() throws Exception {
        atEach(
                List.of("CONNECT", "EHLO", "MAIL", "RCPT", "DATA", "."),
                moment -> {
                    try (Rig rig = rig(SHORT_ATTEMPT)) {
                        rig.server.once(moment, Act.hang());

                        var result = rig.deliver(TestMails.to("a@example.net"));

                        assertUnfinished(moment, result);
                        assertThat(detail(result)).contains("the attempt took more than PT0.4S");
                    }
                });
    }

    @Test
    void aServerThatStopsReadingTheContentIsLeftAtTheDeadline() throws Exception {
        try (Rig rig = rig(SHORT_ATTEMPT)) {
            rig.server.once("CONTENT", Act.hang());
            var large = TestMails.with(("x".repeat(998) + "\r\n").repeat(20_000), "a@example.net");

            var result = rig.deliver(large);

            assertAll(result, Verdict.DEFERRED, Reason.DEADLINE_EXCEEDED);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"STARTTLS", "TLS"})
    void aServerThatHangsInTheHandshakeIsLeft(Security security) throws Exception {
        var context = TestCertificates.server(Identity.GOOD);
        var server =
                security == Security.TLS
                        ? ScriptedSmtpServer.startWithTls(context)
                        : ScriptedSmtpServer.startWithStartTls(context);
        for (var timeouts : new SmtpTimeouts[] {SHORT_READ, SHORT_ATTEMPT}) {
            server.once("TLS", Act.hang());
            var rig =
                    Rig.against(server)
                            .manner(manner)
                            .security(security, TestCertificates.trustingClient())
                            .timeouts(timeouts)
                            .start();

            var result = rig.deliver(TestMails.to("a@example.net"));

            assertTrouble(result, Kind.SERVER, Reason.TLS_FAILED);
            rig.transport.close();
        }
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"CONNECT", "EHLO", "MAIL", "RCPT", "DATA", "."})
    void aLineOf48MegabytesIsNotReadToItsEnd(String moment) throws Exception {
        try (Rig rig = rig(Rig.PATIENT)) {
            rig.server.once(moment, Act.flood("250 ", 48 * 1024 * 1024));

            var result = rig.deliver(TestMails.to("a@example.net"));

            assertUnfinished(moment, result);
            assertThat(detail(result)).hasSizeLessThanOrEqualTo(2_048);
            assertVerdicts(rig.deliver(TestMails.to("b@example.net")), Verdict.ACCEPTED);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"CONNECT", "MAIL", "."})
    void aReplyWithoutEndIsNotWaitedFor(String moment) throws Exception {
        try (Rig rig = rig(Rig.PATIENT)) {
            rig.server.once(moment, Act.endlessly("220-and then"));

            assertUnfinished(moment, rig.deliver(TestMails.to("a@example.net")));
        }
    }

    private interface Check {
        void at(String moment) throws Exception;
    }

    /// All side by side, since each is little but waiting.
    private static void atEach(List<String> moments, Check check) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var checks =
                    moments.stream()
                            .map(moment ->
                                    threads.submit(() ->
                                            assertThatCode(() -> check.at(moment))
                                                    .as(moment)
                                                    .doesNotThrowAnyException()))
                            .toList();
            for (var done : checks) {
                done.get();
            }
        }
    }

    private Rig rig(SmtpTimeouts timeouts) {
        return Rig.against(ScriptedSmtpServer.start()).manner(manner).timeouts(timeouts).start();
    }

    private static void assertUnfinished(String moment, TransportResult result) {
        switch (moment) {
            case "." -> assertAll(result, Verdict.IN_DOUBT, Reason.ANSWER_LOST);
            case "RCPT", "DATA" -> assertVerdicts(result, Verdict.DEFERRED);
            default ->
                    assertThat(result)
                            .isInstanceOfSatisfying(
                                    Trouble.class,
                                    trouble -> assertThat(trouble.kind()).isEqualTo(Kind.SERVER));
        }
    }

    private static String detail(TransportResult result) {
        return switch (result) {
            case Judged judged -> judged.detail();
            case Trouble trouble -> trouble.detail();
            case Busy busy -> busy.detail();
            case TransportResult.Withheld withheld -> withheld.detail();
        };
    }
}
