package dev.outmail.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.outmail.mail.MailEvent.OnDoubt;
import dev.outmail.testkit.Await;
import dev.outmail.testkit.kafka.KafkaBroker;
import dev.outmail.testkit.smtp.Act;
import dev.outmail.testkit.smtp.ScriptedSmtpServer;
import dev.outmail.testkit.smtp.SmtpSink;
import dev.outmail.wire.LogEntry;
import dev.outmail.wire.OutcomeName;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// Servers that put off, go away and leave in doubt: nothing is lost, and sent twice is only what
/// was in doubt and may be.
class ServerTroubleIT {
    @RegisterExtension static final KafkaBroker KAFKA = new KafkaBroker();

    private Site site;

    @BeforeEach
    void prepare() throws InterruptedException {
        site = Site.with(KAFKA, 1);
    }

    @AfterEach
    void close() {
        site.close();
    }

    @Test
    void whoWasPutOffIsTriedAgainAndNobodyElse() throws Exception {
        try (var server = ScriptedSmtpServer.start()) {
            server.once("RCPT TO:<grey@", "451 4.7.1 greylisted, try again later");
            site.start();
            site.save(Site.smtp(server.port()));

            site.publish(Site.mail("1").cc("grey@example.org"));

            var deferred = site.awaitLog("1", OutcomeName.DEFERRED);
            assertThat(deferred.attempt()).isEqualTo(1);
            assertThat(deferred.detail()).contains("greylisted");
            var sent = site.awaitLog("1", OutcomeName.SENT);
            assertThat(sent.attempt()).isEqualTo(2);
            assertThat(sent.recipients())
                    .hasSize(2)
                    .allMatch(recipient -> recipient.verdict().equals("accepted"));
            assertThat(server.received())
                    .extracting(received -> received.recipients())
                    .containsExactly(List.of("<ada@example.org>"), List.of("<grey@example.org>"));
            site.awaitAllCommitted();
        }
    }

    @Test
    void aMessageThatIsPutOffAfterTheDotIsSentInTheEnd() throws Exception {
        try (var server = ScriptedSmtpServer.start()) {
            server.once(".", "451 4.3.0 try again later");
            server.once(".", "452 4.3.1 disk full");
            site.start();
            site.save(Site.smtp(server.port()));

            site.publish(Site.mail("1"));

            assertThat(site.awaitLog("1", OutcomeName.SENT).attempt()).isEqualTo(3);
            assertThat(site.log(OutcomeName.DEFERRED)).hasSize(2);
            site.awaitAllCommitted();
        }
    }

    @Test
    void whileAServerIsAwayMailWaitsAndIsDeliveredOnceItIsBack() throws Exception {
        int port = freePort();
        site.start(Map.of("worker.max-in-flight", "40"));
        site.save(Site.smtp(port, 2));

        for (int i = 0; i < 100; i++) {
            site.publish(Site.mail("mail-" + i));
        }
        site.awaitLogged(3, OutcomeName.DEFERRED);
        var server = new GreenMail(new ServerSetup(port, "localhost", ServerSetup.PROTOCOL_SMTP));
        server.start();
        try {
            site.awaitLogged(100, OutcomeName.SENT);

            assertThat(server.getReceivedMessages()).hasSize(100);
            assertThat(site.deadLetters()).isEmpty();
            assertThat(site.log(OutcomeName.SENT)).allMatch(entry -> entry.attempt() == 1);
            assertThat(site.log(OutcomeName.DEFERRED))
                    .allMatch(entry -> entry.reason().equals("unreachable"));
            site.awaitAllCommitted();
        } finally {
            server.stop();
        }
    }

    @Test
    void aMailInDoubtIsSentAgainWithTheSameMessageId() throws Exception {
        try (var server = ScriptedSmtpServer.start()) {
            server.once(".", Act.close());
            site.start();
            site.save(Site.smtp(server.port()));

            site.publish(Site.mail("1"));

            var doubt = site.awaitLog("1", OutcomeName.IN_DOUBT);
            assertThat(doubt.reason()).isEqualTo("answer-lost");
            assertThat(doubt.recipients())
                    .extracting(LogEntry.Recipient::verdict)
                    .containsExactly("in-doubt");
            var sent = site.awaitLog("1", OutcomeName.SENT);
            assertThat(sent.messageId()).isEqualTo(doubt.messageId());
            assertThat(server.received()).hasSize(2);
            assertThat(server.received().get(0).text()).isEqualTo(server.received().get(1).text());
            site.awaitAllCommitted();
        }
    }

    /// smtp-sink closes after the dot and keeps the mail: an independent witness of the first copy.
    @Test
    void aMailInDoubtThatMustNotComeTwiceIsHeldForAPerson(@TempDir Path folder) throws Exception {
        assumeThat(SmtpSink.installed()).as(SmtpSink.HOW_TO_INSTALL).isPresent();
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        var mails = folder.resolve("mails");
        try (var sink = SmtpSink.start("-q", ".", "-D", mails.toString())) {
            site.start();
            site.save(Site.smtp(sink.port()));

            site.publish(Site.mail("1").onDoubt(OnDoubt.HOLD));

            var held = site.awaitLog("1", OutcomeName.HELD);
            assertThat(held.reason()).isEqualTo("answer-lost");
            var letter = site.awaitDeadLetters(1).getFirst();
            assertThat(Site.header(letter, "outmail-outcome")).isEqualTo("held");
            site.awaitAllCommitted();
            assertThat(copiesIn(mails)).isEqualTo(1);
        }
    }

    /// The worker stops while the server's answer to the dot is awaited, and gives up waiting.
    @Test
    void aMailThatAStoppingWorkerLeavesInDoubtIsHeldToo() throws Exception {
        try (var server = ScriptedSmtpServer.start()) {
            server.once(".", Act.hang());
            var worker = site.start(Map.of("worker.drain-timeout", "300ms"));
            site.save(Site.smtp(server.port()));
            site.publish(Site.mail("1").onDoubt(OnDoubt.HOLD));
            server.awaitReceived(1);

            worker.close();

            assertThat(site.log(OutcomeName.HELD)).hasSize(1);
            assertThat(site.deadLetters()).hasSize(1);
            site.awaitAllCommitted();
            site.start();
            site.publish(Site.mail("2"));
            site.awaitLog("2", OutcomeName.SENT);
            assertThat(server.received()).hasSize(2);
        }
    }

    @Test
    void aLoginThatIsRefusedIsNotTriedByEveryMail() throws Exception {
        try (var server = ScriptedSmtpServer.start()) {
            server.on("MAIL FROM", "530 5.7.0 authentication required");
            site.start();
            site.save(Site.smtp(server.port(), 1));
            for (int i = 0; i < 20; i++) {
                site.publish(Site.mail("mail-" + i));
            }
            site.awaitLogged(1, OutcomeName.DEFERRED);

            server.behave();
            site.save(Site.smtp(server.port(), 2));

            site.awaitLogged(20, OutcomeName.SENT);
            assertThat(site.log(OutcomeName.SENT)).allMatch(entry -> entry.attempt() == 1);
            Await.until(Site.PATIENCE, () -> server.received().size() == 20, "each mail came once");
        }
    }

    private static long copiesIn(Path mails) throws IOException {
        return Pattern.compile("^Subject: Subject of 1", Pattern.MULTILINE)
                .matcher(Files.readString(mails))
                .results()
                .count();
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
