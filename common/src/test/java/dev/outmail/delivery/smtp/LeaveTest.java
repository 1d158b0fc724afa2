package dev.outmail.delivery.smtp;

import static dev.outmail.delivery.smtp.Rig.assertVerdicts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outmail.delivery.Outbound;
import dev.outmail.delivery.Reason;
import dev.outmail.delivery.RecipientVerdict;
import dev.outmail.delivery.RecipientVerdict.Verdict;
import dev.outmail.delivery.TestMails;
import dev.outmail.delivery.TransportResult;
import dev.outmail.delivery.smtp.Rig.Manner;
import dev.outmail.testkit.smtp.ScriptedSmtpServer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// No final dot without leave.
@Timeout(60)
@ParameterizedClass
@EnumSource
class LeaveTest {
    private final Manner manner;
    private final Rig rig;
    private final ManualClearance clearance = new ManualClearance();

    LeaveTest(Manner manner) {
        this.manner = manner;
        rig = Rig.plain(manner);
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private static Outbound toSixty() {
        return TestMails.to(
                IntStream.range(0, 60)
                        .mapToObj(i -> "r" + i + "@x.example")
                        .toArray(String[]::new));
    }

    @Test
    void aMessageWithLeaveLeaves() throws Exception {
        clearance.answer(true);

        var result = rig.deliver(clearance.of(TestMails.to("a@example.net")));

        assertVerdicts(result, Verdict.ACCEPTED);
        assertThat(clearance.begun()).containsExactly(List.of());
    }

    @Test
    void oneWithoutDoesNotAndItsConnectionIsClosed() throws Exception {
        clearance.answer(false);

        var result = rig.deliver(clearance.of(TestMails.to("a@example.net")));

        assertThat(result)
                .isInstanceOfSatisfying(
                        TransportResult.Withheld.class,
                        withheld -> assertThat(withheld.server()).isEqualTo(rig.address()));
        rig.server.awaitOpenConnections(0);
        assertThat(rig.server.received()).isEmpty();
        assertVerdicts(rig.deliver(TestMails.to("b@example.net")), Verdict.ACCEPTED);
        assertThat(rig.server.received())
                .extracting(message -> message.recipients().getFirst())
                .containsExactly("<b@example.net>");
    }

    @Test
    void theContentTravelsWhileLeaveIsWaitedFor() throws Exception {
        String content = "Subject: hi\r\n\r\nhello\r\n";
        var arrived = new CountDownLatch(1);
        rig.server.once(
                "CONTENT",
                peer -> {
                    peer.skip(content.length() - 2);
                    arrived.countDown();
                });
        var sending =
                new FutureTask<>(
                        () -> rig.deliver(clearance.of(TestMails.with(content, "a@example.net"))));
        Thread.ofVirtual().start(sending);

        arrived.await();
        assertThat(rig.server.received()).isEmpty();
        clearance.answer(true);

        assertVerdicts(sending.get(), Verdict.ACCEPTED);
    }

    @Test
    void eachTransactionHasItsOwnLeaveAndKnowsWhatWasSettledBefore() throws Exception {
        clearance.answer(true, true);

        var result = rig.deliver(clearance.of(toSixty()));

        Rig.assertAll(result, Verdict.ACCEPTED, Reason.ACCEPTED);
        assertThat(clearance.begun()).extracting(List::size).containsExactly(0, 50);
    }

    @Test
    void whatTheTransactionBeforeSettledStays() throws Exception {
        clearance.answer(true, false);

        var verdicts = Rig.verdicts(rig.deliver(clearance.of(toSixty())));

        assertThat(verdicts.subList(0, 50)).allMatch(v -> v.verdict() == Verdict.ACCEPTED);
        assertThat(verdicts.subList(50, 60))
                .allMatch(v -> v.verdict() == Verdict.DEFERRED && v.reason() == Reason.WITHHELD);
        assertThat(rig.server.received()).hasSize(1);
    }

    @Test
    void soDoesARefusalInTheSameTransaction() throws Exception {
        rig.server.once("RCPT TO:<gone@", "550 5.1.1 no such user");
        clearance.answer(false);

        var result =
                rig.deliver(clearance.of(TestMails.to("gone@example.net", "here@example.net")));

        assertVerdicts(result, Verdict.REJECTED, Verdict.DEFERRED);
        assertThat(Rig.verdicts(result))
                .extracting(RecipientVerdict::reason)
                .containsExactly(Reason.UNKNOWN_RECIPIENT, Reason.WITHHELD);
    }

    @Test
    void whoIsInterruptedWhileItWaitsForLeaveSendsNothing() throws Exception {
        var sending =
                new FutureTask<>(() -> rig.deliver(clearance.of(TestMails.to("a@example.net"))));
        var thread = Thread.ofVirtual().start(sending);
        clearance.awaitAsked();

        thread.interrupt();

        assertThatThrownBy(sending::get)
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(InterruptedException.class);
        rig.server.awaitOpenConnections(0);
        assertThat(rig.server.received()).isEmpty();
    }

    @Test
    void theAttemptsDeadlineHoldsForLeaveToo() throws Exception {
        var patience = Duration.ofSeconds(20);
        var timeouts =
                new SmtpTimeouts(patience, patience, patience, patience, Duration.ofMillis(200));
        try (Rig impatient =
                Rig.against(ScriptedSmtpServer.start()).manner(manner).timeouts(timeouts).start()) {

            var result = impatient.deliver(clearance.of(TestMails.to("a@example.net")));

            Rig.assertAll(result, Verdict.DEFERRED, Reason.DEADLINE_EXCEEDED);
            impatient.server.awaitOpenConnections(0);
            assertThat(impatient.server.received()).isEmpty();
        }
    }
}
