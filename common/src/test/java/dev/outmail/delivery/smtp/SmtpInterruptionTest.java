package dev.outmail.delivery.smtp;

import static dev.outmail.delivery.smtp.Rig.assertAll;
import static dev.outmail.delivery.smtp.Rig.assertVerdicts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outmail.delivery.Outbound;
import dev.outmail.delivery.Reason;
import dev.outmail.delivery.RecipientVerdict.Verdict;
import dev.outmail.delivery.TestMails;
import dev.outmail.delivery.TransportResult;
import dev.outmail.delivery.smtp.Rig.Manner;
import dev.outmail.testkit.smtp.Act;
import dev.outmail.testkit.smtp.ScriptedSmtpServer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
@ParameterizedClass
@EnumSource
class SmtpInterruptionTest {
    private final Manner manner;

    SmtpInterruptionTest(Manner manner) {
        this.manner = manner;
    }

    /// One attempt on a virtual thread, as in a worker.
    private static final class Attempt {
        final CompletableFuture<TransportResult> result = new CompletableFuture<>();
        final CompletableFuture<Boolean> stayedInterrupted = new CompletableFuture<>();
        final Thread thread;

        Attempt(Rig rig, Outbound message) {
            thread = Thread.ofVirtual().start(() -> run(rig, message));
        }

        private void run(Rig rig, Outbound message) {
            try {
                result.complete(rig.deliver(message));
            } catch (InterruptedException e) {
                result.completeExceptionally(e);
            }
            stayedInterrupted.complete(Thread.currentThread().isInterrupted());
        }

        TransportResult result() throws Exception {
            return result.get(20, TimeUnit.SECONDS);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"EHLO", "MAIL", "RCPT", "DATA"})
    void beforeTheDotTheAttemptNeverWas(String moment) throws Exception {
        try (Rig rig = Rig.plain(manner)) {
            rig.server.once(moment, Act.hang());
            var attempt = new Attempt(rig, TestMails.to("a@example.net"));
            rig.server.await(
                    moment,
                    () -> rig.server.heard().stream().anyMatch(h -> h.line().startsWith(moment)));

            attempt.thread.interrupt();

            assertThatThrownBy(attempt::result).hasCauseInstanceOf(InterruptedException.class);
            assertThat(attempt.stayedInterrupted.get(20, TimeUnit.SECONDS)).isFalse();
            assertVerdicts(rig.deliver(TestMails.to("b@example.net")), Verdict.ACCEPTED);
            assertThat(rig.server.connections()).isEqualTo(2);
        }
    }

    @Test
    void afterTheDotTheAttemptIsInDoubtAndTheThreadStaysInterrupted() throws Exception {
        try (Rig rig = Rig.plain(manner)) {
            rig.server.once(".", Act.hang());
            var attempt = new Attempt(rig, TestMails.to("a@example.net"));
            rig.server.awaitReceived(1);

            attempt.thread.interrupt();

            assertAll(attempt.result(), Verdict.IN_DOUBT, Reason.ANSWER_LOST);
            assertThat(attempt.stayedInterrupted.get(20, TimeUnit.SECONDS)).isTrue();
            assertVerdicts(rig.deliver(TestMails.to("b@example.net")), Verdict.ACCEPTED);
        }
    }

    @Test
    void whatWasSettledBeforeIsTold() throws Exception {
        try (Rig rig = Rig.plain(manner)) {
            rig.server.once("MAIL", "250 ok").once("MAIL", Act.hang());
            String[] recipients =
                    IntStream.range(0, 60)
                            .mapToObj(i -> "r" + i + "@x.example")
                            .toArray(String[]::new);
            var attempt = new Attempt(rig, TestMails.to(recipients));
            rig.server.await(
                    "the second MAIL",
                    () ->
                            rig.server.heard().stream()
                                            .filter(h -> h.line().startsWith("MAIL"))
                                            .count()
                                    == 2);

            attempt.thread.interrupt();

            var verdicts = Rig.verdicts(attempt.result());
            assertThat(verdicts.subList(0, 50)).allMatch(v -> v.verdict() == Verdict.ACCEPTED);
            assertThat(verdicts.subList(50, 60)).allMatch(v -> v.verdict() == Verdict.DEFERRED);
        }
    }

    @Test
    void whoWaitsForAConnectionStopsWaiting() throws Exception {
        try (Rig rig =
                Rig.against(ScriptedSmtpServer.start()).manner(manner).maxConnections(1).start()) {
            rig.server.once("MAIL", Act.hang());
            var first = new Attempt(rig, TestMails.to("a@example.net"));
            rig.server.await("MAIL", () -> rig.server.heard().size() == 2);
            var second = new Attempt(rig, TestMails.to("b@example.net"));

            second.thread.interrupt();

            assertThatThrownBy(second::result).hasCauseInstanceOf(InterruptedException.class);
            first.thread.interrupt();
            assertThatThrownBy(first::result).hasCauseInstanceOf(InterruptedException.class);
        }
    }

    @Test
    void aThreadThatIsInterruptedAlreadySendsNothing() throws Exception {
        try (Rig rig = Rig.plain(manner)) {
            Thread.currentThread().interrupt();

            assertThatThrownBy(() -> rig.deliver(TestMails.to("a@example.net")))
                    .isInstanceOf(InterruptedException.class);

            assertThat(Thread.currentThread().isInterrupted()).isFalse();
            assertThat(rig.server.connections()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"EHLO", "MAIL", "RCPT", "DATA"})
    void aPlatformThreadStopsAtOnceToo(String moment) throws Exception {
        try (Rig rig = Rig.plain(manner)) {
            Thread caller = Thread.currentThread();
            rig.server.once(
                    moment,
                    peer -> {
                        caller.interrupt();
                        peer.hang();
                    });

            assertThatThrownBy(() -> rig.deliver(TestMails.to("a@example.net")))
                    .isInstanceOf(InterruptedException.class);

            assertThat(rig.server.received()).isEmpty();
            assertVerdicts(rig.deliver(TestMails.to("b@example.net")), Verdict.ACCEPTED);
            assertThat(rig.server.connections()).isEqualTo(2);
        }
    }
}
