package dev.outmail.delivery.mime;

import static dev.outmail.delivery.mime.Events.PROJECTS;
import static dev.outmail.delivery.mime.Events.bytesOf;
import static dev.outmail.delivery.mime.Events.content;
import static dev.outmail.delivery.mime.Events.event;
import static dev.outmail.delivery.mime.Events.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.mail.Attachment;
import dev.outmail.mail.MailEvent;
import dev.outmail.mail.Mailbox;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is written is read back the same, by two parsers that know nothing of our writer.
class RoundTripTest {
    private static final int EVENTS_PER_SEED = 100;

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void everyEventIsReadBackAsItWasWritten(long seed) throws Exception {
        var events = new RandomEvents(seed);
        for (int i = 0; i < EVENTS_PER_SEED; i++) {
            Mailbox from = events.mailbox();
            MailEvent event = events.next();

            byte[] message = MimeMessageWriter.write(event, from, Events.DATE).bytes();

            var expected = ReadMail.expected(event, from);
            var custom = ((MailEvent.Written) event.content()).headers().keySet();
            assertThat(JakartaMail.read(message, custom))
                    .describedAs("Jakarta Mail, seed %d, event %d", seed, i)
                    .isEqualTo(expected);
            assertThat(Mime4j.read(message, custom))
                    .describedAs("Mime4j, seed %d, event %d", seed, i)
                    .isEqualTo(expected);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {11, 12})
    void readersSeeWhatJakartaMailWouldHaveSent(long seed) throws Exception {
        var events = RandomEvents.tame(seed);
        for (int i = 0; i < EVENTS_PER_SEED; i++) {
            Mailbox from = events.mailbox();
            MailEvent event = events.next();

            byte[] ours = MimeMessageWriter.write(event, from, Events.DATE).bytes();
            byte[] theirs = JakartaMail.compose(event, from);

            var custom = ((MailEvent.Written) event.content()).headers().keySet();
            assertThat(JakartaMail.read(ours, custom))
                    .describedAs("seed %d, event %d", seed, i)
                    .isEqualTo(JakartaMail.read(theirs, custom).withTextInLines());
        }
    }

    @Test
    void aLineOf200000CharactersArrives() throws Exception {
        for (String line :
                List.of("x".repeat(200_000), "ü ".repeat(100_000), "世".repeat(200_000))) {
            var event = event(content("Long", line, "<p>" + line));

            byte[] message = bytesOf(event);

            assertReadBack(event, message);
        }
    }

    @Test
    void everyByteOfAnAttachmentArrives() throws Exception {
        var all = new byte[256 * 300];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) (i + i / 256);
        }
        for (int length : new int[] {0, 1, 2, 3, 56, 57, 58, 7295, 7296, 7297, all.length}) {
            var file = new Attachment("all", "image/png", Arrays.copyOf(all, length), null);
            var image = new Attachment("all", "image/png", Arrays.copyOf(all, length), "cid");
            var event = event(content("Bytes", null, "<img src='cid:cid'>", file, image));

            byte[] message = bytesOf(event);

            assertReadBack(event, message);
        }
    }

    @Test
    void everyCharacterThatATextMayHaveArrives() throws Exception {
        var all = new StringBuilder("\t\f\r\n");
        for (char c = ' '; c < 0x2100; c++) {
            all.append(c);
        }
        var event = event(content("Characters", all.toString(), "\f"));

        byte[] message = bytesOf(event);

        assertReadBack(event, message);
    }

    @Test
    void emptyBodiesArrive() throws Exception {
        for (var content :
                List.of(
                        content("", "", null),
                        content("", null, ""),
                        content("", "", ""),
                        content("", "", "", new Attachment("a", "image/png", new byte[0], "a")))) {
            var event = event(content);

            byte[] message = bytesOf(event);

            assertReadBack(event, message);
        }
    }

    @Test
    void textThatLooksLikeABoundaryDoesNotEndItsPart() throws Exception {
        var boundary = "--=_alternative_" + MessageId.token(event(text("", "")).id());
        var evil =
                boundary + "\r\nContent-Type: text/html\r\n\r\n<b>evil</b>\r\n" + boundary + "--";
        var event = event(content("Evil", evil, "<p>good</p>"));

        byte[] message = bytesOf(event);

        assertReadBack(event, message);
    }

    private static void assertReadBack(MailEvent event, byte[] message) throws Exception {
        var expected = ReadMail.expected(event, PROJECTS);
        var custom = ((MailEvent.Written) event.content()).headers().keySet();
        assertThat(JakartaMail.read(message, custom)).isEqualTo(expected);
        assertThat(Mime4j.read(message, custom)).isEqualTo(expected);
    }
}
