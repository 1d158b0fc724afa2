package dev.outmail.delivery.mime;

import static dev.outmail.delivery.mime.Events.ADA;
import static dev.outmail.delivery.mime.Events.DATE;
import static dev.outmail.delivery.mime.Events.PROJECTS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.mail.EventId;
import dev.outmail.mail.MailEvent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MessageIdTest {
    @Test
    void itIsTheSameOnEveryMachineAndInEveryVersion() {
        String id = MessageId.of(new EventId("/projects", "task-42-assigned-7"));

        assertThat(id).isEqualTo("<oyo5bq47ekmzdsdt6oqkxkrvmep6jexn@id.outmail.dev>");
    }

    @Test
    void theMessageCarriesIt() {
        var id = new EventId("/projects", "1");

        var message = MimeMessageWriter.write(event(id, null), PROJECTS, DATE);

        assertThat(message.messageId()).isEqualTo(MessageId.of(id));
        assertThat(text(message)).contains("\r\nMessage-ID: " + MessageId.of(id) + "\r\n");
    }

    @Test
    void noTwoEventsShareOne() {
        var ids =
                Stream.of(
                                new EventId("a", "bc"),
                                new EventId("ab", "c"),
                                new EventId("abc", "a"),
                                new EventId("a", "conversation"),
                                new EventId("a", "conversationb"))
                        .map(MessageId::of);

        assertThat(Stream.concat(ids, Stream.of(MessageId.ofConversation("a", "b"))))
                .doesNotHaveDuplicates();
    }

    @Test
    void itIsMadeOfCharactersThatNeedNoQuoting() {
        for (int i = 0; i < 1_000; i++) {
            String id = MessageId.of(new EventId("/世界 <\">", "" + i));

            assertThat(id).matches("<[a-z2-7]{32}@id\\.outmail\\.dev>");
        }
    }

    @Test
    void mailsOfAConversationReferToOneRoot() {
        var first =
                MimeMessageWriter.write(event(new EventId("/p", "1"), "task-1"), PROJECTS, DATE);
        var second =
                MimeMessageWriter.write(event(new EventId("/p", "2"), "task-1"), PROJECTS, DATE);

        String root = MessageId.ofConversation("/p", "task-1");
        assertThat(List.of(text(first), text(second)))
                .allSatisfy(text ->
                        assertThat(text)
                                .contains("\r\nIn-Reply-To: " + root + "\r\n")
                                .contains("\r\nReferences: " + root + "\r\n"));
        assertThat(List.of(first.messageId(), second.messageId(), root)).doesNotHaveDuplicates();
    }

    @Test
    void aMailOutsideAnyConversationRefersToNothing() {
        var message = MimeMessageWriter.write(event(new EventId("/p", "1"), null), PROJECTS, DATE);

        assertThat(text(message)).doesNotContain("References", "In-Reply-To");
    }

    private static String text(ComposedMessage message) {
        return new String(message.bytes(), StandardCharsets.US_ASCII);
    }

    private static MailEvent event(EventId id, @Nullable String conversation) {
        return new MailEvent(
                id,
                null,
                MailEvent.DEFAULT_PROFILE,
                Events.to(ADA),
                new MailEvent.Written("Hello", "Hi", null, List.of(), Map.of(), conversation),
                MailEvent.Terms.NONE,
                Map.of());
    }
}
