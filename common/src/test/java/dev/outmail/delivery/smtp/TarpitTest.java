package dev.outmail.delivery.smtp;

import static dev.outmail.delivery.smtp.Rig.assertVerdicts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.delivery.RecipientVerdict.Verdict;
import dev.outmail.delivery.TestMails;
import dev.outmail.delivery.TransportResult;
import dev.outmail.delivery.smtp.Rig.Manner;
import dev.outmail.testkit.Await;
import dev.outmail.testkit.smtp.Act;
import dev.outmail.testkit.smtp.ScriptedSmtpServer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// A server that takes mail for one domain slowly.
@Timeout(60)
@ParameterizedClass
@EnumSource
class TarpitTest {
    private final ManualTicker ticker = new ManualTicker();
    private final ScriptedSmtpServer server = ScriptedSmtpServer.start();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch tarpit = new CountDownLatch(1);
    private final Rig rig;

    TarpitTest(Manner manner) {
        rig = Rig.against(server).manner(manner).ticker(ticker).maxConnections(4).start();
        server.on("RCPT TO:<slow@tarpit", okAfter(tarpit));
    }

    @AfterEach
    void stop() {
        tarpit.countDown();
        rig.close();
        threads.shutdownNow();
    }

    private Future<TransportResult> send(String recipient) {
        return threads.submit(() -> rig.deliver(TestMails.to(recipient)));
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

    private static Act okAfter(CountDownLatch latch) {
        return peer -> {
            try {
                latch.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            peer.say("250 ok");
        };
    }

    @Test
    void itGetsHalfOfTheConnectionsAndOthersPassIt() throws Exception {
        assertVerdicts(rig.deliver(TestMails.to("a@example.net")), Verdict.ACCEPTED);
        var first = send("slow@tarpit.example");
        var second = send("slow@tarpit.example");
        server.await("both", () -> rcptsToTarpit() == 2);
        ticker.advance(Duration.ofSeconds(3));
        var third = send("slow@tarpit.example");
        awaitState(2, 1);

        for (int i = 0; i < 10; i++) {
            assertVerdicts(rig.deliver(TestMails.to("a@example.net")), Verdict.ACCEPTED);
        }

        awaitState(2, 1);
        assertThat(rcptsToTarpit()).isEqualTo(2);
        tarpit.countDown();
        assertVerdicts(first.get(), Verdict.ACCEPTED);
        assertVerdicts(second.get(), Verdict.ACCEPTED);
        assertVerdicts(third.get(), Verdict.ACCEPTED);
    }

    @Test
    void othersGoFirstBeforeItIsKnownToBeSlow() throws Exception {
        assertVerdicts(rig.deliver(TestMails.to("a@example.net")), Verdict.ACCEPTED);
        rig.transport.resize(2);
        var busy = new CountDownLatch(1);
        server.once("RCPT TO:<busy@", okAfter(busy));
        var slow = send("slow@tarpit.example");
        server.await("the slow one", () -> rcptsToTarpit() == 1);
        var other = send("busy@example.net");
        server.await("the busy one", () -> server.openConnections() == 2);
        ticker.advance(Duration.ofMillis(50));
        var slowToo = send("slow@tarpit.example");
        awaitState(2, 1);
        var last = send("last@example.net");
        awaitState(2, 2);

        busy.countDown();

        assertVerdicts(last.get(), Verdict.ACCEPTED);
        server.await("the slow one's turn", () -> rcptsToTarpit() == 2);
        tarpit.countDown();
        assertVerdicts(slow.get(), Verdict.ACCEPTED);
        assertVerdicts(other.get(), Verdict.ACCEPTED);
        assertVerdicts(slowToo.get(), Verdict.ACCEPTED);
        assertThat(server.received())
                .extracting(message -> message.recipients().getFirst())
                .startsWith("<a@example.net>", "<busy@example.net>", "<last@example.net>");
    }

    private long rcptsToTarpit() {
        return server.heard().stream()
                .filter(heard -> heard.line().startsWith("RCPT TO:<slow@tarpit"))
                .count();
    }
}
