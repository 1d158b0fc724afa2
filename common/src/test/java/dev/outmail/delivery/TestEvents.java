package dev.outmail.delivery;

import dev.outmail.mail.EmailAddress;
import dev.outmail.mail.MailEvent;
import dev.outmail.mail.MailEventBuilder;
import dev.outmail.settings.Connection;
import dev.outmail.settings.ProfileSettings;
import dev.outmail.settings.Sender;
import dev.outmail.settings.Settings;
import dev.outmail.settings.SettingsSnapshot;
import java.util.Map;

/// Events, and settings to deliver them by.
final class TestEvents {
    static final EmailAddress ADA = EmailAddress.parse("ada@example.org");
    static final EmailAddress BOB = EmailAddress.parse("bob@example.org");
    static final Sender PROJECTS =
            new Sender(EmailAddress.parse("projects@example.com"), "Projects", false);
    static final Connection.SmtpServer SERVER =
            new Connection.SmtpServer(
                    "smtp.example.com", 587, Connection.Security.STARTTLS, null, 10, null);
    static final long REVISION = 17;

    private TestEvents() {}

    static MailEventBuilder toAda() {
        return MailEvent.builder()
                .source("/projects")
                .id("task-42")
                .to(ADA.toString())
                .subject("You have a new task")
                .text("The plan is yours now.");
    }

    static MailEvent toAdaAndBob() {
        return toAda().cc(BOB.toString()).build();
    }

    static SettingsSnapshot by(Connection connection) {
        return snapshot(Settings.INITIAL.withConnection(connection).withSender(PROJECTS));
    }

    static SettingsSnapshot snapshot(Settings settings) {
        return new SettingsSnapshot(
                Map.of(MailEvent.DEFAULT_PROFILE, profile(MailEvent.DEFAULT_PROFILE, settings)));
    }

    static ProfileSettings profile(String name, Settings settings) {
        return new ProfileSettings(name, REVISION, settings);
    }
}
