package dev.outmail.delivery.smtp;

import static dev.outmail.delivery.smtp.Rig.assertVerdicts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.delivery.RecipientVerdict.Verdict;
import dev.outmail.delivery.TestMails;
import dev.outmail.delivery.TransportResult;
import dev.outmail.delivery.smtp.ConnectionPool.Limits;
import dev.outmail.delivery.smtp.Rig.Manner;
import dev.outmail.testkit.smtp.Act;
import dev.outmail.testkit.smtp.Peer;
import dev.outmail.testkit.smtp.ScriptedSmtpServer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
@ParameterizedClass
@EnumSource
class ConnectionPoolTest {
    private final Manner manner;

    ConnectionPoolTest(Manner manner) {
        this.manner = manner;
    }

    private static final Duration IDLE = Duration.ofSeconds(20);
    private static final Duration AGE = Duration.ofMinutes(5);

    private final ManualTicker ticker = new ManualTicker();
    private final ScriptedSmtpServer server = ScriptedSmtpServer.start();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    @AfterEach
    void stop() {
        server.close();
        threads.shutdownNow();
    }

    private Rig rig(Limits limits) {
        return Rig.against(server).manner(manner).ticker(ticker).limits(limits).start();
    }

    private static void deliver(Rig rig) throws InterruptedException {
        assertVerdicts(rig.deliver(TestMails.to("a@example.net")), Verdict.ACCEPTED);
    }

    private List<Future<TransportResult>> deliverAtOnce(Rig rig, int count) {
        var results = new ArrayList<Future<TransportResult>>();
        for (int i = 0; i < count; i++) {
            results.add(threads.submit(() -> rig.deliver(TestMails.to("a@example.net"))));
        }
        return results;
    }

    @Test
    void aServerNeverSeesMoreConnectionsThanAllowed() throws Exception {
        try (Rig rig = rig(new Limits(3, IDLE, AGE, 100))) {
            CountDownLatch threeAtOnce = new CountDownLatch(3);
            server.on(
                    "MAIL",
                    peer -> {
                        threeAtOnce.countDown();
                        awaitQuietly(threeAtOnce);
                        peer.say("250 ok");
                    });

            for (var result : deliverAtOnce(rig, 50)) {
                assertVerdicts(result.get(), Verdict.ACCEPTED);
            }

            assertThat(server.received()).hasSize(50);
            assertThat(server.mostOpenConnections()).isEqualTo(3);
            assertThat(server.connections()).isEqualTo(3);
        }
    }

    @Test
    void whoWaitsTooLongForAConnectionIsToldHowManyThereAre() throws Exception {
        var timeouts =
                new SmtpTimeouts(
                        Duration.ofMillis(50),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(30));
        try (Rig rig =
                Rig.against(server).manner(manner).maxConnections(1).timeouts(timeouts).start()) {
            CountDownLatch release = new CountDownLatch(1);
            server.once(
                    "MAIL",
                    peer -> {
                        awaitQuietly(release);
                        peer.say("250 ok");
                    });
            var first = deliverAtOnce(rig, 1).getFirst();
            server.await("MAIL", () -> server.heard().size() == 2);

            var second = rig.deliver(TestMails.to("b@example.net"));
            release.countDown();

            assertThat(second)
                    .isEqualTo(
                            new TransportResult.Busy(
                                    rig.address(),
                                    "no free connection to "
                                            + rig.address()
                                            + " within PT0.05S: 1 active, 0 idle, 0 waiting,"
                                            + " 1 at most; closed so far: none"));
            assertVerdicts(first.get(), Verdict.ACCEPTED);
        }
    }

    @Test
    void anIdleConnectionIsClosedPolitely() throws Exception {
        try (Rig rig = rig(new Limits(2, IDLE, AGE, 100))) {
            deliver(rig);

            ticker.advance(IDLE);

            server.awaitOpenConnections(0);
            assertThat(server.heardOn(1)).last().isEqualTo("QUIT");
            deliver(rig);
            assertThat(server.connections()).isEqualTo(2);
        }
    }

    @Test
    void aConnectionIsClosedAfterItsTimeEvenIfItIsBusy() throws Exception {
        try (Rig rig = rig(new Limits(1, IDLE, Duration.ofSeconds(25), 100))) {
            deliver(rig);
            ticker.advance(Duration.ofSeconds(15));
            deliver(rig);
            ticker.advance(Duration.ofSeconds(15));
            deliver(rig);

            assertThat(server.connections()).isEqualTo(2);
        }
    }

    @Test
    void aConnectionIsClosedAfterSoManyMessages() throws Exception {
        try (Rig rig = rig(new Limits(1, IDLE, AGE, 3))) {
            for (int i = 0; i < 7; i++) {
                deliver(rig);
            }

            assertThat(server.connections()).isEqualTo(3);
            assertThat(server.heardOn(1)).last().isEqualTo("QUIT");
        }
    }

    @Test
    void theConnectionUsedLastIsUsedFirst() throws Exception {
        try (Rig rig = rig(new Limits(2, IDLE, AGE, 100))) {
            CountDownLatch bothThere = new CountDownLatch(2);
            server.once("MAIL", peer -> meet(bothThere, peer))
                    .once("MAIL", peer -> meet(bothThere, peer));
            for (var result : deliverAtOnce(rig, 2)) {
                assertVerdicts(result.get(), Verdict.ACCEPTED);
            }
            deliver(rig);
            int warm = server.received().getLast().connection();

            deliver(rig);
            deliver(rig);

            assertThat(server.received().subList(2, 5))
                    .allMatch(message -> message.connection() == warm);
        }
    }

    @Test
    void moreConnectionsAreOpenedAtOnceForWhoWaits() throws Exception {
        try (Rig rig = rig(new Limits(1, IDLE, AGE, 100))) {
            CountDownLatch threeAtOnce = new CountDownLatch(3);
            server.on(
                    "MAIL",
                    peer -> {
                        threeAtOnce.countDown();
                        awaitQuietly(threeAtOnce);
                        peer.say("250 ok");
                    });
            var results = deliverAtOnce(rig, 3);
            server.await("the first", () -> server.openConnections() == 1);

            rig.transport.resize(3);

            for (var result : results) {
                assertVerdicts(result.get(), Verdict.ACCEPTED);
            }
            assertThat(server.mostOpenConnections()).isEqualTo(3);
        }
    }

    @Test
    void connectionsTooManyAreClosedAndNoMessageIsHarmed() throws Exception {
        try (Rig rig = rig(new Limits(3, IDLE, AGE, 100))) {
            CountDownLatch threeAtOnce = new CountDownLatch(3);
            CountDownLatch resized = new CountDownLatch(1);
            server.on(
                    "MAIL",
                    peer -> {
                        threeAtOnce.countDown();
                        awaitQuietly(resized);
                        peer.say("250 ok");
                    });
            var results = deliverAtOnce(rig, 10);
            threeAtOnce.await();

            rig.transport.resize(1);
            resized.countDown();

            for (var result : results) {
                assertVerdicts(result.get(), Verdict.ACCEPTED);
            }
            server.awaitOpenConnections(1);
            assertThat(server.received()).hasSize(10);
            assertThat(rig.transport.connections())
                    .isEqualTo(new PoolState(0, 1, 0, 1, Map.of(Closure.SURPLUS, 2)));
        }
    }

    @Test
    void aClosedTransportIsNoTroubleOfTheServerAndClosesWhatIsIdle() throws Exception {
        Rig rig = rig(new Limits(2, IDLE, AGE, 100));
        try (rig) {
            deliver(rig);

            rig.transport.close();

            server.awaitOpenConnections(0);
            assertThat(rig.deliver(TestMails.to("a@example.net")))
                    .isInstanceOf(TransportResult.Busy.class);
        }
    }

    @Test
    void whoWaitsWhenTheTransportIsClosedIsSentAwayWithoutTroubleOfTheServer() throws Exception {
        try (Rig rig = rig(new Limits(1, IDLE, AGE, 100))) {
            CountDownLatch release = new CountDownLatch(1);
            server.once(
                    "MAIL",
                    peer -> {
                        awaitQuietly(release);
                        peer.say("250 ok");
                    });
            var results = deliverAtOnce(rig, 2);
            server.await("MAIL", () -> server.heard().size() == 2);
            server.await("one to wait", () -> rig.transport.connections().waiting() == 1);

            rig.transport.close();
            release.countDown();

            var kinds = new ArrayList<Class<?>>();
            for (var result : results) {
                kinds.add(result.get().getClass());
            }
            assertThat(kinds)
                    .containsExactlyInAnyOrder(
                            TransportResult.Judged.class, TransportResult.Busy.class);
        }
    }

    @Test
    void anAttemptUnderWayEndsAfterTheTransportIsClosedAndItsConnectionToo() throws Exception {
        try (Rig rig = rig(new Limits(2, IDLE, AGE, 100))) {
            CountDownLatch release = new CountDownLatch(1);
            server.once(
                    "MAIL",
                    peer -> {
                        awaitQuietly(release);
                        peer.say("250 ok");
                    });
            var underWay = deliverAtOnce(rig, 1).getFirst();
            server.await("MAIL", () -> server.heard().size() == 2);

            rig.transport.close();
            release.countDown();

            assertVerdicts(underWay.get(), Verdict.ACCEPTED);
            server.awaitOpenConnections(0);
        }
    }

    @Test
    void afterManyTroublesThePoolIsAsGoodAsNew() throws Exception {
        try (Rig rig = rig(new Limits(2, IDLE, AGE, 100))) {
            for (String moment : List.of("CONNECT", "EHLO", "MAIL", "RCPT", "DATA", ".")) {
                for (int i = 0; i < 5; i++) {
                    server.once(moment, Act.reset());
                    rig.deliver(TestMails.to("a@example.net"));
                }
            }

            for (var result : deliverAtOnce(rig, 10)) {
                assertVerdicts(result.get(), Verdict.ACCEPTED);
            }
            server.await("few connections", () -> server.openConnections() <= 2);
        }
    }

    private static void meet(CountDownLatch others, Peer peer) throws IOException {
        others.countDown();
        awaitQuietly(others);
        peer.say("250 ok");
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
