package dev.outmail.delivery.smtp;

import static dev.outmail.delivery.smtp.Rig.assertVerdicts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.delivery.RecipientVerdict.Verdict;
import dev.outmail.delivery.TestMails;
import dev.outmail.delivery.TransportResult;
import dev.outmail.delivery.TransportResult.Kind;
import dev.outmail.delivery.TransportResult.Trouble;
import dev.outmail.testkit.Await;
import dev.outmail.testkit.smtp.Act;
import dev.outmail.testkit.smtp.ScriptedSmtpServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// How a server is approached, and what becomes of those who wait when it can't be reached.
@Timeout(60)
class OpeningsTest {
    private final ScriptedSmtpServer server = ScriptedSmtpServer.start();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Semaphore greetings = new Semaphore(0);
    private final CountDownLatch work = new CountDownLatch(1);
    private Rig rig = rig(10);

    private Rig rig(int connections) {
        return Rig.against(server).maxConnections(connections).start();
    }

    @AfterEach
    void stop() {
        greetings.release(100);
        work.countDown();
        rig.close();
        threads.shutdownNow();
    }

    private List<Future<TransportResult>> deliverAtOnce(int count) throws InterruptedException {
        var results = new ArrayList<Future<TransportResult>>();
        for (int i = 0; i < count; i++) {
            results.add(threads.submit(() -> rig.deliver(TestMails.to("a@example.net"))));
        }
        return results;
    }

    private void awaitState(int active, int waiting) throws InterruptedException {
        Await.until(
                Duration.ofSeconds(5),
                () -> {
                    var state = rig.transport.connections();
                    return state.active() == active && state.waiting() == waiting;
                },
                active + " active and " + waiting + " waiting");
    }

    private Act greetingWhenAllowed(String greeting) {
        return peer -> {
            greetings.acquireUninterruptibly();
            peer.say(greeting);
        };
    }

    @Test
    void asManyConnectionsAreOpenedAtATimeAsAreAtWork() throws Exception {
        server.on("CONNECT", greetingWhenAllowed("220 hello"))
                .on(
                        "MAIL",
                        peer -> {
                            awaitQuietly(work);
                            peer.say("250 ok");
                        });
        var results = deliverAtOnce(10);
        awaitState(1, 9);
        greetings.release(1);
        awaitState(2, 8);
        greetings.release(1);
        awaitState(4, 6);
        greetings.release(2);
        awaitState(8, 2);
        server.await("eight", () -> server.connections() == 8);

        greetings.release(10);
        work.countDown();

        for (var result : results) {
            assertVerdicts(result.get(), Verdict.ACCEPTED);
        }
    }

    @Test
    void aConnectionThatCantBeOpenedIsTroubleForAllWhoWaitAndCountsOnce() throws Exception {
        server.on("CONNECT", greetingWhenAllowed("554 no mail here").then(Act.close()));
        var results = deliverAtOnce(5);
        awaitState(1, 4);

        greetings.release(1);

        assertOneTroubleAndItsEchoes(results, Kind.SERVER);
        assertThat(server.connections()).isEqualTo(1);
    }

    @Test
    void soIsALoginThatIsRefused() throws Exception {
        rig.close();
        try (var server = ScriptedSmtpServer.start().requireLogin("outmail", "another");
                var rig = Rig.against(server).login().maxConnections(10).start()) {
            server.on("CONNECT", greetingWhenAllowed("220 hello"));
            this.rig = rig;
            var results = deliverAtOnce(5);
            awaitState(1, 4);

            greetings.release(1);

            assertOneTroubleAndItsEchoes(results, Kind.CREDENTIALS);
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    private static void assertOneTroubleAndItsEchoes(
            List<Future<TransportResult>> results, Kind kind) throws Exception {
        var echoes = new ArrayList<Boolean>();
        for (var result : results) {
            assertThat(result.get()).isInstanceOf(Trouble.class);
            assertThat(((Trouble) result.get()).kind()).isEqualTo(kind);
            echoes.add(((Trouble) result.get()).echo());
        }
        assertThat(echoes).containsOnlyOnce(false);
    }

    @Test
    void whoComesLaterTriesAgain() throws Exception {
        server.once("CONNECT", Act.reply("554 no mail here").then(Act.close()));

        assertThat(rig.deliver(TestMails.to("a@example.net"))).isInstanceOf(Trouble.class);

        assertVerdicts(rig.deliver(TestMails.to("b@example.net")), Verdict.ACCEPTED);
    }

    @Test
    void whileOthersWorkNobodyElseIsTroubledByARefusal() throws Exception {
        var both = new CountDownLatch(1);
        server.once("CONNECT", "220 hello")
                .on("CONNECT", Act.reply("421 too many connections").then(Act.close()))
                .once(
                        "MAIL",
                        peer -> {
                            awaitQuietly(both);
                            peer.say("250 ok");
                        });
        var results = deliverAtOnce(1);
        server.await("MAIL", () -> server.heard().size() == 2);
        results.addAll(deliverAtOnce(5));
        awaitState(1, 4);
        both.countDown();

        int troubles = 0;
        for (var result : results) {
            if (result.get() instanceof Trouble) {
                troubles++;
            } else {
                assertVerdicts(result.get(), Verdict.ACCEPTED);
            }
        }

        assertThat(troubles).isEqualTo(1);
        assertThat(server.connections()).isEqualTo(2);
    }

    /// Ten messages find ten dead connections; the server hears of one of them.
    @Test
    void aServerThatWentIsAskedOnce() throws Exception {
        server.on(
                "MAIL",
                peer -> {
                    awaitQuietly(work);
                    peer.say("250 ok");
                });
        server.on(".", Act.reply("250 taken").then(Act.close()));
        var first = deliverAtOnce(10);
        awaitState(10, 0);
        server.await("ten", () -> server.heard().size() == 20);
        work.countDown();
        for (var result : first) {
            assertVerdicts(result.get(), Verdict.ACCEPTED);
        }
        server.awaitOpenConnections(0);
        server.on("CONNECT", greetingWhenAllowed("554 no mail here").then(Act.close()));

        var second = deliverAtOnce(10);
        awaitState(1, 9);
        greetings.release(1);

        assertOneTroubleAndItsEchoes(second, Kind.SERVER);
        assertThat(server.connections()).isEqualTo(11);
    }

    @Test
    void aBrokenOffOpeningTroublesNobodyElse() throws Exception {
        server.once("CONNECT", Act.hang());
        var interrupted = new CountDownLatch(1);
        var first =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                rig.deliver(TestMails.to("a@example.net"));
                            } catch (InterruptedException e) {
                                interrupted.countDown();
                            }
                        });
        server.await("the first", () -> server.connections() == 1);
        var others = deliverAtOnce(3);
        awaitState(1, 3);

        first.interrupt();

        interrupted.await();
        for (var result : others) {
            assertVerdicts(result.get(), Verdict.ACCEPTED);
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
