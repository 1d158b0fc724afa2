package dev.outmail.delivery.smtp;

import static dev.outmail.delivery.smtp.Rig.assertAll;
import static dev.outmail.delivery.smtp.Rig.assertVerdicts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.outmail.delivery.Reason;
import dev.outmail.delivery.RecipientVerdict.Verdict;
import dev.outmail.delivery.TestMails;
import dev.outmail.delivery.TransportResult;
import dev.outmail.delivery.TransportResult.Kind;
import dev.outmail.delivery.TransportResult.Trouble;
import dev.outmail.delivery.smtp.Rig.Manner;
import dev.outmail.settings.Connection.Security;
import dev.outmail.settings.Connection.SmtpServer;
import dev.outmail.settings.Secrets;
import dev.outmail.testkit.smtp.SmtpSink;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// The same verdicts from a server that others wrote.
@Timeout(120)
@ParameterizedClass
@EnumSource
class SmtpSinkIT {
    private final Manner manner;
    private final ScheduledExecutorService scheduler =
            Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());

    SmtpSinkIT(Manner manner) {
        this.manner = manner;
    }

    @BeforeEach
    void needsTheSink() {
        assumeThat(SmtpSink.installed()).as(SmtpSink.HOW_TO_INSTALL).isPresent();
    }

    @AfterEach
    void stop() {
        scheduler.shutdownNow();
    }

    /// The sink offers PIPELINING unless told not to.
    private SmtpSink sink(String... options) throws Exception {
        List<String> all = new ArrayList<>(List.of(options));
        if (manner == Manner.ONE_BY_ONE) {
            all.add("-p");
        }
        return SmtpSink.start(all.toArray(String[]::new));
    }

    private SmtpTransport transport(SmtpSink sink) {
        var server = new SmtpServer(sink.host(), sink.port(), Security.NONE, null, 4, null);
        return new SmtpTransport(
                server, SmtpClient.of("worker.example.org", Secrets.of(Map.of()), scheduler));
    }

    @Test
    void manyMessagesGoOverFewConnections() throws Exception {
        try (var sink = sink();
                var transport = transport(sink)) {
            for (int i = 0; i < 250; i++) {
                var result = transport.deliver(TestMails.to("a@example.net", "b@example.net"));
                assertVerdicts(result, Verdict.ACCEPTED, Verdict.ACCEPTED);
            }
        }
    }

    @Test
    void aSinkThatTakesTheMessageAndHangsUpLeavesItInDoubt() throws Exception {
        try (var sink = sink("-q", ".");
                var transport = transport(sink)) {

            var result = transport.deliver(TestMails.to("a@example.net"));

            assertAll(result, Verdict.IN_DOUBT, Reason.ANSWER_LOST);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "-r, RCPT, DEFERRED", "-f, RCPT, REJECTED", "-r, DATA, DEFERRED", "-f, DATA, REJECTED",
        "-r, ., DEFERRED", "-f, ., REJECTED", "-r, MAIL, DEFERRED", "-f, MAIL, REJECTED"
    })
    void aRefusalIsUnderstoodAtEveryStage(String option, String command, Verdict verdict)
            throws Exception {
        try (var sink = sink(option, command, "-B", "554 5.3.0 no");
                var transport = transport(sink)) {

            var result = transport.deliver(TestMails.to("a@example.net"));

            assertVerdicts(result, verdict);
        }
    }

    @ParameterizedTest
    @CsvSource({"-Q, MAIL", "-q, MAIL", "-q, EHLO", "-Q, RCPT"})
    void aSinkThatGoesAwayEarlyIsTroubleOrDefers(String option, String command) throws Exception {
        try (var sink = sink(option, command);
                var transport = transport(sink)) {

            TransportResult result = transport.deliver(TestMails.to("a@example.net"));

            assertThat(result)
                    .isInstanceOfSatisfying(
                            Trouble.class,
                            trouble -> assertThat(trouble.kind()).isEqualTo(Kind.SERVER));
        }
    }
}
