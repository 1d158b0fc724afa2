package dev.outmail.delivery.mime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.mail.Attachment;
import dev.outmail.mail.EmailAddress;
import dev.outmail.mail.EventId;
import dev.outmail.mail.MailEvent;
import dev.outmail.mail.Mailbox;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// Whole messages as files, so that a change of what leaves is seen in review. The files have LF
/// line ends.
class GoldenMessageTest {
    private static final Mailbox ADA =
            new Mailbox("Ada Lovelace", new EmailAddress("ada", "example.org"));

    @Test
    void aPlainNotice() throws IOException {
        var event =
                event(
                        new MailEvent.Addressing(
                                null, List.of(ADA), List.of(), List.of(), List.of()),
                        new MailEvent.Written(
                                "You have a new task",
                                "Ada,\n\nThe plan is yours now.\n",
                                null,
                                List.of(),
                                Map.of("X-Project", "42"),
                                null));

        assertMessage(event, "plain.eml");
    }

    @Test
    void everythingAMailCanHave() throws IOException {
        var headers = new LinkedHashMap<String, String>();
        headers.put("X-Project", "42");
        headers.put(
                "List-Unsubscribe",
                "<mailto:unsubscribe@example.com>, <https://example.com/unsubscribe?member=0123456789>");
        var logo = new Attachment("logo.png", "image/png", bytes(16), "logo@example.com");
        var plan = new Attachment("plan.pdf", "application/pdf", bytes(100), null);
        var report =
                new Attachment(
                        "Ein Bericht über alles, was im vergangenen Jahr geschah – 世界.csv",
                        "text/csv; charset=UTF-8",
                        new byte[0],
                        null);
        var content =
                new MailEvent.Written(
                        "Grüße aus der Projektgruppe: Für den Umzug nach Köln ist nun alles vorbereitet 🎉",
                        "Hallo Ada,\n\nder Umzug ist vorbereitet. \nFrom now on it's yours.\n.\n",
                        "<p>Привет, Ада. Переезд готов: <img src=\"cid:logo@example.com\"></p>\n",
                        List.of(logo, plan, report),
                        headers,
                        "task-42");
        var addressing =
                new MailEvent.Addressing(
                        null,
                        List.of(ADA, new Mailbox("世界", new EmailAddress("world", "example.org"))),
                        List.of(
                                new Mailbox(
                                        "Hopper, Grace B. \"Amazing\"",
                                        new EmailAddress("\"grace hopper\"", "example.org")),
                                Mailbox.of(new EmailAddress("alan", "xn--mnchen-3ya.example"))),
                        List.of(Mailbox.of(new EmailAddress("blind", "example.org"))),
                        List.of(
                                new Mailbox(
                                        "Task 42", new EmailAddress("task+42", "example.com"))));

        assertMessage(event(addressing, content), "everything.eml");
    }

    private static MailEvent event(MailEvent.Addressing addressing, MailEvent.Written content) {
        return new MailEvent(
                new EventId("/projects", "task-42-assigned-7"),
                "task.assigned",
                MailEvent.DEFAULT_PROFILE,
                addressing,
                content,
                MailEvent.Terms.NONE,
                Map.of());
    }

    private static byte[] bytes(int count) {
        var bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) (255 - i);
        }
        return bytes;
    }

    private static void assertMessage(MailEvent event, String file) throws IOException {
        byte[] message = MimeMessageWriter.write(event, Events.PROJECTS, Events.DATE).bytes();

        String text = new String(message, StandardCharsets.US_ASCII).replace("\r\n", "\n");
        try (var golden = GoldenMessageTest.class.getResourceAsStream(file)) {
            assertThat(text)
                    .isEqualTo(
                            new String(
                                    Objects.requireNonNull(golden, file).readAllBytes(),
                                    StandardCharsets.US_ASCII));
        }
    }
}
