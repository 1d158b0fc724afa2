package dev.outmail.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.outmail.delivery.mime.MessageId;
import dev.outmail.mail.EventId;
import dev.outmail.settings.Connection;
import dev.outmail.settings.Settings;
import dev.outmail.testkit.kafka.KafkaBroker;
import dev.outmail.testkit.smtp.ScriptedSmtpServer;
import dev.outmail.wire.LogEntry;
import dev.outmail.wire.OutcomeName;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.internet.InternetAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// Published bytes in, and out by each of the four connections.
class ConnectionsIT {
    @RegisterExtension static final KafkaBroker KAFKA = new KafkaBroker();

    private Site site;

    @BeforeEach
    void prepare() throws InterruptedException {
        site = Site.with(KAFKA, 2);
    }

    @AfterEach
    void close() {
        site.close();
    }

    @Test
    void disabledMailIsDroppedAndAccountedFor() throws Exception {
        site.start();
        site.save(new Connection.Disabled());

        site.publish(Site.mail("1"));

        var entry = site.awaitLog("1", OutcomeName.DROPPED);
        assertThat(entry.reason()).isEqualTo("disabled");
        assertThat(entry.connection()).isEqualTo("disabled");
        assertThat(entry.attempt()).isZero();
        assertThat(entry.revision()).isEqualTo(1);
        assertThat(entry.recipients())
                .extracting(LogEntry.Recipient::address, LogEntry.Recipient::verdict)
                .containsExactly(tuple("ada@example.org", "none"));
        site.awaitAllCommitted();
    }

    @Test
    void silentMailIsShownInTheLogAndSentToNobody() throws Exception {
        site.start();
        site.save(new Connection.Silent());

        site.publish(Site.mail("1").bcc("bob@example.org").metadata("task", 42));

        var entry = site.awaitLog("1", OutcomeName.SILENCED);
        assertThat(entry.reason()).isEqualTo("silent");
        assertThat(entry.connection()).isEqualTo("silent");
        assertThat(entry.worker()).isEqualTo("worker-1");
        assertThat(entry.profile()).isEqualTo("default");
        assertThat(entry.metadata()).containsEntry("task", 42L);
        assertThat(entry.messageId()).isEqualTo(MessageId.of(new EventId("/tests", "1")));
        assertThat(entry.recipients())
                .extracting(LogEntry.Recipient::address)
                .containsExactly("ada@example.org", "bob@example.org");
        assertThat(entry.record())
                .isIn(
                        new LogEntry.Position(site.topics().events(), 0, 0),
                        new LogEntry.Position(site.topics().events(), 1, 0));
        site.awaitAllCommitted();
    }

    @Test
    void theNativeMailerGetsTheMessageAndTheEnvelopeApart(@TempDir Path folder) throws Exception {
        var mailer = recordingMailer(folder);
        site.start(Map.of("native.sendmail", mailer.toString()));
        site.save(new Connection.NativeMailer());

        site.publish(Site.mail("1").bcc("bob@example.org"));

        var entry = site.awaitLog("1", OutcomeName.SENT);
        assertThat(entry.connection()).isEqualTo("native");
        assertThat(entry.server()).isEqualTo(mailer.toString());
        assertThat(Files.readAllLines(folder.resolve("arguments")))
                .containsExactly(
                        "-i",
                        "-f",
                        "projects@example.com",
                        "--",
                        "ada@example.org",
                        "bob@example.org");
        assertThat(Files.readString(folder.resolve("message")))
                .contains("To: Ada <ada@example.org>", "Text of 1")
                .doesNotContain("bob@example.org", "\r");
    }

    @Test
    void anSmtpServerGetsAMessageThatOthersRead() throws Exception {
        var server = new GreenMail(new ServerSetup(0, "localhost", ServerSetup.PROTOCOL_SMTP));
        server.start();
        try {
            site.start();
            site.save(Site.smtp(server.getSmtp().getPort()));

            site.publish(
                    Site.mail("1")
                            .to("Grace Hopper <grace@example.org>")
                            .bcc("bob@example.org")
                            .subject("Grüße – 你好")
                            .text("Zeile eins\n.\nZeile drei"));

            var entry = site.awaitLog("1", OutcomeName.SENT);
            assertThat(entry.server()).isEqualTo("localhost:" + server.getSmtp().getPort());
            assertThat(entry.attempt()).isEqualTo(1);
            assertThat(entry.recipients())
                    .hasSize(3)
                    .allMatch(recipient -> recipient.verdict().equals("accepted"));
            var received = server.getReceivedMessages();
            assertThat(received).hasSize(3); // one for each mailbox
            var message = received[0];
            assertThat(message.getSubject()).isEqualTo("Grüße – 你好");
            assertThat(message.getRecipients(RecipientType.TO))
                    .containsExactly(
                            new InternetAddress("ada@example.org"),
                            new InternetAddress("grace@example.org"));
            assertThat(message.getRecipients(RecipientType.BCC)).isNull();
            assertThat(message.getHeader("Message-ID")).containsExactly(entry.messageId());
            assertThat(message.getContent().toString().strip())
                    .isEqualTo("Zeile eins\r\n.\r\nZeile drei");
        } finally {
            server.stop();
        }
    }

    @Test
    void bccIsInTheEnvelopeOnly() throws Exception {
        try (var server = ScriptedSmtpServer.start()) {
            site.start();
            site.save(Site.smtp(server.port()));

            site.publish(Site.mail("1").bcc("bob@example.org"));
            server.awaitReceived(1);

            var received = server.received().getFirst();
            assertThat(received.recipients())
                    .containsExactly("<ada@example.org>", "<bob@example.org>");
            assertThat(received.text()).doesNotContain("bob@").doesNotContainIgnoringCase("bcc:");
        }
    }

    @Test
    void withoutSettingsMailIsHeldUntilSomeAreSaved() throws Exception {
        try (var server = ScriptedSmtpServer.start()) {
            var worker = site.start();
            site.publish(Site.mail("1"));

            var held = site.awaitLog("1", OutcomeName.HELD);
            assertThat(held.reason()).isEqualTo("no-settings");
            var unready = site.get(worker, "/health/ready");
            assertThat(unready.statusCode()).isEqualTo(503);
            assertThat(unready.body()).contains("settings");
            assertThat(site.get(worker, "/health/live").statusCode()).isEqualTo(200);
            assertThat(server.connections()).isZero();

            site.save(Site.smtp(server.port()));
            site.awaitLog("1", OutcomeName.SENT);

            assertThat(site.get(worker, "/health/ready").statusCode()).isEqualTo(200);
            site.awaitAllCommitted();
        }
    }

    @Test
    void aChangeOfSettingsHoldsForTheNextMail() throws Exception {
        try (var server = ScriptedSmtpServer.start()) {
            site.start();
            site.save(new Connection.Silent());
            site.publish(Site.mail("1"));
            site.awaitLog("1", OutcomeName.SILENCED);

            site.save(Site.smtp(server.port()));
            site.publish(Site.mail("2"));
            assertThat(site.awaitLog("2", OutcomeName.SENT).revision()).isEqualTo(2);
            site.save(new Connection.Disabled());
            site.publish(Site.mail("3"));

            assertThat(site.awaitLog("3", OutcomeName.DROPPED).revision()).isEqualTo(3);
            assertThat(server.received()).hasSize(1);
        }
    }

    @Test
    void mailOfAnUnknownProfileIsHeldAndOthersGoOn() throws Exception {
        site.start();
        site.save(new Connection.Silent());

        site.publish(Site.mail("1").profile("billing"));
        site.publish(Site.mail("2"));
        site.publish(Site.mail("3"));

        assertThat(site.awaitLog("1", OutcomeName.HELD).reason()).isEqualTo("unknown-profile");
        site.awaitLog("2", OutcomeName.SILENCED);
        site.awaitLog("3", OutcomeName.SILENCED);
        site.save("billing", Settings.INITIAL);
        site.awaitLog("1", OutcomeName.SILENCED);
        site.awaitAllCommitted();
    }

    @Test
    void mailThatIsTooLateIsADeadLetter() throws Exception {
        site.start();
        site.save(new Connection.Silent());

        site.publish(Site.mail("1").expiresAt(Instant.now().minus(Duration.ofMinutes(1))));

        assertThat(site.awaitLog("1", OutcomeName.EXPIRED).reason()).isEqualTo("expired");
        assertThat(site.awaitDeadLetters(1)).hasSize(1);
    }

    private static Path recordingMailer(Path folder) throws IOException {
        var mailer = folder.resolve("mailer");
        Files.writeString(
                mailer,
                """
                #!/bin/sh
                printf '%%s\\n' "$@" >"%1$s/arguments"
                cat >"%1$s/message"
                """
                        .formatted(folder));
        Files.setPosixFilePermissions(mailer, PosixFilePermissions.fromString("rwxr-xr-x"));
        return mailer;
    }
}
