package dev.outmail.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.testkit.ExternalProgram;
import dev.outmail.testkit.smtp.ScriptedSmtpServer;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The native mailer as many hosts have it: msmtp in the place of sendmail.
class RealSendmailIT {
    @RegisterExtension static final SharedOutmail OUTMAIL = new SharedOutmail();

    private static final String EVENT =
            """
            {"id": "by-msmtp", "source": "/mailer", "profile": "mailer",
             "to": ["Zoë <zoe@example.org>"], "cc": ["cc@example.org"], "bcc": ["secret@example.net"],
             "subject": "Grüße 🎉 from here", "text": "before\\n.\\n..two\\nFrom after\\n"}
            """;

    @Test
    void aMailGoesThroughARealSendmailUnchanged() throws Exception {
        var msmtp = ExternalProgram.assumeInstalled("msmtp", "msmtp");
        try (var server = ScriptedSmtpServer.start()) {
            writeMailer(msmtp, server.port());
            OUTMAIL.up()
                    .saveSettings(
                            "mailer", "--connection=native", "--from=Mailer <bounces@example.com>");
            var event = Files.writeString(OUTMAIL.folder().resolve("by-msmtp.json"), EVENT);

            assertThat(OUTMAIL.up().run("publish", event.toString()).exitCode()).isZero();

            OUTMAIL.up().awaitOutcome("sent", "/mailer#by-msmtp");
            assertThat(server.received())
                    .singleElement()
                    .satisfies(mail -> {
                        assertThat(mail.sender()).startsWith("<bounces@example.com>");
                        assertThat(mail.recipients())
                                .containsExactlyInAnyOrder(
                                        "<zoe@example.org>",
                                        "<cc@example.org>",
                                        "<secret@example.net>");
                        assertMessage(mail.content());
                    });
        }
    }

    private static void assertMessage(byte[] content) throws Exception {
        var message =
                new MimeMessage(
                        Session.getInstance(new Properties()), new ByteArrayInputStream(content));

        assertThat(message.getSubject()).isEqualTo("Grüße 🎉 from here");
        assertThat(message.getHeader("From", null)).isEqualTo("Mailer <bounces@example.com>");
        assertThat(message.getHeader("Cc", null)).isEqualTo("cc@example.org");
        assertThat(message.getHeader("Bcc")).isNull();
        assertThat(new String(content, java.nio.charset.StandardCharsets.UTF_8))
                .doesNotContain("secret@");
        assertThat(message.getContent()).isEqualTo("before\r\n.\r\n..two\r\nFrom after\r\n");
    }

    /// Outmail calls the mailer with no environment, so that it can't find a configuration itself.
    private static void writeMailer(Path msmtp, int port) throws IOException {
        var config = OUTMAIL.folder().resolve("msmtprc");
        Files.writeString(config, "account default\nhost 127.0.0.1\nport " + port + "\n");
        Files.setPosixFilePermissions(config, PosixFilePermissions.fromString("rw-------"));
        OutmailCommand.writeProgram(
                OUTMAIL.mailer(), "#!/bin/sh\nexec '%s' -C '%s' \"$@\"\n".formatted(msmtp, config));
    }
}
