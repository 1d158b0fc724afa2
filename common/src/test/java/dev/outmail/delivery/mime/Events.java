package dev.outmail.delivery.mime;

import dev.outmail.mail.Attachment;
import dev.outmail.mail.EmailAddress;
import dev.outmail.mail.EventId;
import dev.outmail.mail.MailEvent;
import dev.outmail.mail.Mailbox;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Events for the tests.
final class Events {
    static final Mailbox PROJECTS =
            new Mailbox("Projects", new EmailAddress("projects", "example.com"));
    static final Mailbox ADA = new Mailbox("Ada Lovelace", new EmailAddress("ada", "example.org"));
    static final Instant DATE = Instant.parse("2026-11-22T08:05:09Z");

    private Events() {}

    static byte[] bytesOf(MailEvent event) {
        return MimeMessageWriter.write(event, PROJECTS, DATE).bytes();
    }

    static String textOf(MailEvent event) {
        return new String(bytesOf(event), StandardCharsets.UTF_8);
    }

    static MailEvent event(MailEvent.Addressing addressing, MailEvent.Written content) {
        return new MailEvent(
                new EventId("/projects", "1"),
                null,
                MailEvent.DEFAULT_PROFILE,
                addressing,
                content,
                MailEvent.Terms.NONE,
                Map.of());
    }

    static MailEvent event(MailEvent.Written content) {
        return event(to(ADA), content);
    }

    static MailEvent addressedTo(MailEvent.Addressing addressing) {
        return event(addressing, text("Hello", "Hi"));
    }

    static MailEvent.Addressing to(Mailbox... to) {
        return new MailEvent.Addressing(null, List.of(to), List.of(), List.of(), List.of());
    }

    static MailEvent.Written text(String subject, String text) {
        return content(subject, text, null);
    }

    static MailEvent.Written content(
            String subject, @Nullable String text, @Nullable String html, Attachment... files) {
        return new MailEvent.Written(subject, text, html, List.of(files), Map.of(), null);
    }

    static MailEvent withHeader(String name, String value) {
        return event(
                new MailEvent.Written("Hello", "Hi", null, List.of(), Map.of(name, value), null));
    }
}
