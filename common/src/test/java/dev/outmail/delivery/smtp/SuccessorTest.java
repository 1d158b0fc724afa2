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
import dev.outmail.delivery.smtp.ConnectionPool.Limits;
import dev.outmail.delivery.smtp.Rig.Manner;
import dev.outmail.testkit.Await;
import dev.outmail.testkit.smtp.Act;
import dev.outmail.testkit.smtp.Peer;
import dev.outmail.testkit.smtp.ScriptedSmtpServer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A message whose envelope is said with the end of the one before, on the same connection.
@Timeout(60)
class SuccessorTest {
    private static final Limits ONE_CONNECTION =
            new Limits(1, Duration.ofSeconds(20), Duration.ofMinutes(5), 1_000);

    private final ManualTicker ticker = new ManualTicker();
    private final ScriptedSmtpServer server = ScriptedSmtpServer.start();
    private final CountDownLatch bothThere = new CountDownLatch(1);
    private Rig rig = rig(ONE_CONNECTION);

    private Rig rig(Limits limits) {
        return Rig.against(server).manner(Manner.PIPELINED).ticker(ticker).limits(limits).start();
    }

    @AfterEach
    void stop() {
        bothThere.countDown();
        rig.close();
    }

    /// A delivery on a virtual thread, as in a worker.
    private static final class Sending extends FutureTask<TransportResult> {
        private final Thread thread;

        Sending(Rig rig, Outbound message) {
            super(() -> rig.deliver(message));
            thread = Thread.ofVirtual().start(this);
        }

        TransportResult result() throws Exception {
            return get(20, TimeUnit.SECONDS);
        }

        void interrupt() {
            thread.interrupt();
        }
    }

    private Sending send(String recipient) {
        return new Sending(rig, TestMails.to(recipient));
    }

    /// The first of two, held up at its recipient until the other waits.
    private Sending sendFirst() throws InterruptedException {
        server.once(
                "RCPT TO:<first@",
                peer -> {
                    awaitQuietly(bothThere);
                    peer.say("250 2.1.5 ok");
                });
        var first = send("first@example.net");
        server.await("the first", () -> server.heard().size() == 3);
        return first;
    }

    private Sending sendSecond() throws InterruptedException {
        var second = send("second@example.net");
        awaitWaiting(1);
        bothThere.countDown();
        return second;
    }

    private void awaitWaiting(int count) throws InterruptedException {
        Await.until(
                Duration.ofSeconds(5),
                () -> rig.transport.connections().waiting() == count,
                count + " to wait");
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void assertReceivedOnce(String... recipients) {
        assertThat(server.received())
                .extracting(message -> message.recipients().getFirst())
                .containsExactlyInAnyOrder(recipients);
    }

    @Test
    void itsEnvelopeNeedsNoAnswerToTheMessageBefore() throws Exception {
        server.once(".", peer -> {});
        var first = sendFirst();
        server.once("MAIL FROM", "250 2.0.0 taken", "250 2.1.0 ok");

        var second = sendSecond();

        assertVerdicts(first.result(), Verdict.ACCEPTED);
        assertVerdicts(second.result(), Verdict.ACCEPTED);
        assertReceivedOnce("<first@example.net>", "<second@example.net>");
        assertThat(server.connections()).isEqualTo(1);
        assertThat(server.groupsOn(1))
                .last()
                .isEqualTo(
                        List.of(
                                "MAIL FROM:<sender@example.org>",
                                "RCPT TO:<second@example.net>",
                                "DATA"));
    }

    @ParameterizedTest
    @CsvSource({
        "550 5.7.1 spam, REJECTED, POLICY",
        "451 4.3.0 later, DEFERRED, TEMPORARY",
        "503 5.5.1 what, DEFERRED, PROTOCOL_ERROR"
    })
    void itIsUnharmedByARefusalOfTheMessageBefore(String reply, Verdict verdict, Reason reason)
            throws Exception {
        server.once(".", reply);

        var first = sendFirst();
        var second = sendSecond();

        assertAll(first.result(), verdict, reason);
        assertVerdicts(second.result(), Verdict.ACCEPTED);
        assertThat(server.connections()).isEqualTo(1);
        assertThat(server.heardOn(1)).doesNotContain("RSET");
    }

    @Test
    void itGoesElsewhereWhenTheServerClosesAfterTheMessageBefore() throws Exception {
        server.once(".", Act.reply("250 2.0.0 taken").then(Act.close()));

        var first = sendFirst();
        var second = sendSecond();

        assertVerdicts(first.result(), Verdict.ACCEPTED);
        assertVerdicts(second.result(), Verdict.ACCEPTED);
        assertReceivedOnce("<first@example.net>", "<second@example.net>");
        assertThat(server.connections()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"421 4.3.2 closing", "421 closing"})
    void itGoesElsewhereWhenTheServerSaysSo(String reply) throws Exception {
        var first = sendFirst();
        server.once("MAIL FROM", Act.reply(reply).then(Act.close()));

        var second = sendSecond();

        assertVerdicts(first.result(), Verdict.ACCEPTED);
        assertVerdicts(second.result(), Verdict.ACCEPTED);
        assertReceivedOnce("<first@example.net>", "<second@example.net>");
    }

    @Test
    void itIsNotInDoubtWhereTheMessageBeforeIs() throws Exception {
        server.once(".", Act.reset());

        var first = sendFirst();
        var second = sendSecond();

        assertAll(first.result(), Verdict.IN_DOUBT, Reason.ANSWER_LOST);
        assertVerdicts(second.result(), Verdict.ACCEPTED);
        assertReceivedOnce("<first@example.net>", "<second@example.net>");
        assertThat(server.connections()).isEqualTo(2);
    }

    /// As servers do that clear their input after a message, whatever they say of PIPELINING.
    @Test
    void aServerThatDropsWhatComesWithADotIsFoundOut() throws Exception {
        rig.close();
        var patience = Duration.ofSeconds(20);
        try (var server = ScriptedSmtpServer.start();
                var rig =
                        Rig.against(server)
                                .manner(Manner.PIPELINED)
                                .maxConnections(1)
                                .timeouts(
                                        new SmtpTimeouts(
                                                patience,
                                                patience,
                                                Duration.ofMillis(300),
                                                patience,
                                                patience))
                                .start()) {
            int envelope =
                    "MAIL FROM:<sender@example.org>\r\nRCPT TO:<b@example.net>\r\nDATA\r\n"
                            .length();
            server.once(
                    "RCPT TO:<a@",
                    peer -> {
                        awaitQuietly(bothThere);
                        peer.say("250 ok");
                    });
            server.once(".", Act.afterReading(envelope, Act.reply("250 taken")));
            var first = new Sending(rig, TestMails.to("a@example.net"));
            server.await("the first", () -> server.heard().size() == 3);
            var second = new Sending(rig, TestMails.to("b@example.net"));
            Await.until(
                    Duration.ofSeconds(5),
                    () -> rig.transport.connections().waiting() == 1,
                    "the second to wait");
            bothThere.countDown();

            assertVerdicts(first.result(), Verdict.ACCEPTED);
            assertVerdicts(second.result(), Verdict.ACCEPTED);
            assertThat(server.received()).hasSize(2);
            assertThat(server.connections()).isEqualTo(2);
        }
    }

    @Test
    void oneLineTooManyDoesItNoHarm() throws Exception {
        server.once(".", "250 2.0.0 taken", "550 5.1.1 no such user");

        var first = sendFirst();
        var second = sendSecond();

        assertVerdicts(first.result(), Verdict.ACCEPTED);
        assertVerdicts(second.result(), Verdict.ACCEPTED);
        assertReceivedOnce("<first@example.net>", "<second@example.net>");
        assertThat(server.connections()).isEqualTo(2);
    }

    @Test
    void itsOwnRefusalIsToldApart() throws Exception {
        server.once("RCPT TO:<second@", "550 5.1.1 no such user")
                .once("DATA", "354 go on")
                .once("DATA", "554 5.5.1 no valid recipients");

        var first = sendFirst();
        var second = sendSecond();

        assertVerdicts(first.result(), Verdict.ACCEPTED);
        assertAll(second.result(), Verdict.REJECTED, Reason.UNKNOWN_RECIPIENT);
        assertReceivedOnce("<first@example.net>");
        assertVerdicts(rig.deliver(TestMails.to("third@example.net")), Verdict.ACCEPTED);
        assertThat(server.connections()).isEqualTo(1);
    }

    @Test
    void whoGoesWhileItIsAnnouncedIsNotSentAndHarmsNobody() throws Exception {
        var answer = new CountDownLatch(1);
        server.once(
                ".",
                peer -> {
                    awaitQuietly(answer);
                    peer.say("250 2.0.0 taken");
                });
        var first = sendFirst();
        var second = sendSecond();
        server.awaitReceived(1);

        second.interrupt();

        assertThatThrownBy(second::result)
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(InterruptedException.class);
        answer.countDown();
        assertVerdicts(first.result(), Verdict.ACCEPTED);
        assertVerdicts(rig.deliver(TestMails.to("third@example.net")), Verdict.ACCEPTED);
        assertReceivedOnce("<first@example.net>", "<third@example.net>");
        assertThat(rig.transport.connections().closures()).containsEntry(Closure.JILTED, 1);
    }

    @Test
    void itGoesElsewhereWhenTheMessageBeforeHasNoLeave() throws Exception {
        var clearance = new ManualClearance();
        var first = new Sending(rig, clearance.of(TestMails.to("first@example.net")));
        clearance.awaitAsked();
        var next = new ManualClearance().answer(true);
        var second = new Sending(rig, next.of(TestMails.to("second@example.net")));
        awaitWaiting(1);

        clearance.answer(false);

        assertThat(first.result()).isInstanceOf(TransportResult.Withheld.class);
        assertVerdicts(second.result(), Verdict.ACCEPTED);
        assertReceivedOnce("<second@example.net>");
        assertThat(next.begun()).isNotEmpty();
    }

    @Test
    void itsLeaveIsBegunWhenItIsAnnouncedAndOnlyOnce() throws Exception {
        var answer = new CountDownLatch(1);
        server.once(
                ".",
                peer -> {
                    awaitQuietly(answer);
                    peer.say("250 2.0.0 taken");
                });
        var clearance = new ManualClearance();
        var first = sendFirst();
        var second = new Sending(rig, clearance.of(TestMails.to("second@example.net")));
        awaitWaiting(1);
        bothThere.countDown();
        server.awaitReceived(1);

        assertThat(clearance.begun()).hasSize(1);
        answer.countDown();
        clearance.answer(true);

        assertVerdicts(first.result(), Verdict.ACCEPTED);
        assertVerdicts(second.result(), Verdict.ACCEPTED);
        assertThat(clearance.begun()).hasSize(1);
        assertThat(server.connections()).isEqualTo(1);
    }

    /// Also while it waits for leave itself.
    @Test
    void theMessageBeforeIsToldAtOnceHowItWent() throws Exception {
        var clearance = new ManualClearance();
        var first = sendFirst();
        var second = new Sending(rig, clearance.of(TestMails.to("second@example.net")));
        awaitWaiting(1);
        bothThere.countDown();

        assertVerdicts(first.result(), Verdict.ACCEPTED);

        assertThat(second.isDone()).isFalse();
        clearance.answer(true);
        assertVerdicts(second.result(), Verdict.ACCEPTED);
    }

    @Test
    void whoIsKeptWaitingGoesElsewhere() throws Exception {
        rig.close();
        var answer = new CountDownLatch(1);
        var two = new Limits(2, Duration.ofSeconds(20), Duration.ofMinutes(5), 1_000);
        try (var server = ScriptedSmtpServer.start();
                var rig =
                        Rig.against(server)
                                .manner(Manner.PIPELINED)
                                .ticker(ticker)
                                .limits(two)
                                .start()) {
            server.on(
                            "RCPT",
                            peer -> {
                                awaitQuietly(bothThere);
                                peer.say("250 ok");
                            })
                    .on(
                            ".",
                            peer -> {
                                awaitQuietly(answer);
                                peer.say("250 taken");
                            });
            var busy =
                    List.of(
                            new Sending(rig, TestMails.to("a@example.net")),
                            new Sending(rig, TestMails.to("b@example.net")));
            server.await("both", () -> server.openConnections() == 2);
            var third = new Sending(rig, TestMails.to("c@example.net"));
            Await.until(
                    Duration.ofSeconds(5),
                    () -> rig.transport.connections().waiting() == 1,
                    "the third to wait");
            bothThere.countDown();
            server.awaitReceived(2);
            assertThat(server.heard()).filteredOn(heard -> heard.line().contains("<c@")).isEmpty();

            ticker.advance(Duration.ofSeconds(5));
            rig.transport.resize(3);

            server.await("a third connection", () -> server.connections() == 3);
            answer.countDown();
            for (var one : busy) {
                assertVerdicts(one.result(), Verdict.ACCEPTED);
            }
            assertVerdicts(third.result(), Verdict.ACCEPTED);
            assertThat(server.received()).hasSize(3);
        }
    }

    @Test
    void aClosedTransportSendsAwayWhoIsAnnounced() throws Exception {
        var answer = new CountDownLatch(1);
        server.once(
                ".",
                peer -> {
                    awaitQuietly(answer);
                    peer.say("250 2.0.0 taken");
                });
        var first = sendFirst();
        var second = sendSecond();
        server.awaitReceived(1);

        rig.transport.close();

        assertThat(second.result()).isInstanceOf(TransportResult.Busy.class);
        answer.countDown();
        assertVerdicts(first.result(), Verdict.ACCEPTED);
        server.awaitOpenConnections(0);
        assertReceivedOnce("<first@example.net>");
    }

    /// Whatever becomes of those before and after it: each message is taken at most once, and each
    /// is told what the server said of it.
    @Test
    void amongManyEachIsToldItsOwnFate() throws Exception {
        long seed = RandomGenerator.getDefault().nextLong();
        System.out.println("seed " + seed);
        var fates = new Fates(seed);
        rig.transport.resize(3);
        server.on(".", fates::play);

        var sendings = new ArrayList<Sending>();
        for (int i = 0; i < 600; i++) {
            sendings.add(send("r" + i + "@example.net"));
        }

        var told = new EnumMap<Verdict, Integer>(Verdict.class);
        for (var sending : sendings) {
            var verdict = Rig.verdicts(sending.result()).getFirst().verdict();
            told.merge(verdict, 1, Integer::sum);
        }
        assertThat(told).as("seed %d", seed).isEqualTo(fates.told());
        assertThat(server.received())
                .as("seed %d", seed)
                .extracting(message -> message.recipients().getFirst())
                .hasSize(600)
                .doesNotHaveDuplicates();
    }

    private static final class Fates {
        private final Random random;
        private final Map<Verdict, Integer> told = new EnumMap<>(Verdict.class);

        Fates(long seed) {
            random = new Random(seed);
        }

        synchronized void play(Peer peer) throws IOException {
            switch (random.nextInt(20)) {
                case 0, 1 -> answer(peer, Verdict.REJECTED, "550 5.7.1 no");
                case 2, 3 -> answer(peer, Verdict.DEFERRED, "451 4.3.0 later");
                case 4 -> {
                    answer(peer, Verdict.DEFERRED, "421 4.3.2 closing");
                    peer.close();
                }
                case 5 -> {
                    answer(peer, Verdict.ACCEPTED, "250 taken");
                    peer.close();
                }
                case 6 -> {
                    told.merge(Verdict.IN_DOUBT, 1, Integer::sum);
                    peer.reset();
                }
                case 7 -> answer(peer, Verdict.ACCEPTED, "250 taken", "250 one line too many");
                default -> answer(peer, Verdict.ACCEPTED, "250 taken");
            }
        }

        private void answer(Peer peer, Verdict verdict, String... lines) throws IOException {
            told.merge(verdict, 1, Integer::sum);
            peer.say(lines);
        }

        synchronized Map<Verdict, Integer> told() {
            return told;
        }
    }
}
