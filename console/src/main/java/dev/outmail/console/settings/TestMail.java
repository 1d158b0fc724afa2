package dev.outmail.console.settings;

import dev.outmail.delivery.mime.MimeMessageWriter;
import dev.outmail.mail.MailEvent;
import dev.outmail.settings.Sender;
import java.time.Instant;
import java.util.UUID;

/// The mail that a test really sends.
final class TestMail {
    static final String SOURCE = "/outmail/console";

    private TestMail() {}

    static byte[] bytes(Sender sender, String to, String profile) {
        return MimeMessageWriter.write(event(to, profile), sender.mailbox(), Instant.now()).bytes();
    }

    static MailEvent event(String to, String profile) {
        return MailEvent.builder()
                .source(SOURCE)
                .id("test-" + UUID.randomUUID())
                .profile(profile)
                .to(to)
                .subject("Outmail: test of the profile " + profile)
                .text(
                        "This mail was sent by the test of a connection in Outmail's console.\n"
                                + "That it is here says that the profile '"
                                + profile
                                + "' can send.\n")
                .build();
    }
}
