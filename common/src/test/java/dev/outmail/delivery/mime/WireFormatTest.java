package dev.outmail.delivery.mime;

import static dev.outmail.delivery.mime.Events.DATE;
import static dev.outmail.delivery.mime.Events.PROJECTS;
import static dev.outmail.delivery.mime.Events.addressedTo;
import static dev.outmail.delivery.mime.Events.textOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.mail.EmailAddress;
import dev.outmail.mail.MailEvent;
import dev.outmail.mail.Mailbox;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What holds for the bytes of every message, whatever the event.
class WireFormatTest {
    private static final Set<String> FIELDS =
            Set.of(
                    "Date",
                    "From",
                    "To",
                    "Cc",
                    "Reply-To",
                    "Message-ID",
                    "In-Reply-To",
                    "References",
                    "Subject",
                    "Auto-Submitted",
                    "MIME-Version",
                    "Content-Type",
                    "Content-Transfer-Encoding");

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {21, 22, 23})
    void everyMessageKeepsToTheRulesOfTheWire(long seed) {
        var events = new RandomEvents(seed);
        for (int i = 0; i < 200; i++) {
            Mailbox from = events.mailbox();
            MailEvent event = events.next();

            byte[] message = MimeMessageWriter.write(event, from, DATE).bytes();

            String what = "seed " + seed + ", event " + i;
            assertLinesAreFit(what, message);
            assertFieldsAreAllowed(what, message, event);
            assertThat(message).as(what).isEqualTo(write(event, from));
            assertThat(new String(message, StandardCharsets.US_ASCII))
                    .as(what)
                    .doesNotContain("blind", "bcc.example");
        }
    }

    @Test
    void anAddressBeyondAsciiStandsAsUtf8InItsFieldAndNowhereElse() {
        var to = new Mailbox("Jörg", new EmailAddress("jörg", "xn--mnchen-3ya.example"));

        var message = MimeMessageWriter.write(addressedTo(Events.to(to)), PROJECTS, DATE);

        String text = new String(message.bytes(), StandardCharsets.UTF_8);
        assertThat(text).contains("To: =?UTF-8?B?SsO2cmc=?= <jörg@xn--mnchen-3ya.example>\r\n");
        assertThat(message.requiresSmtpUtf8()).isTrue();
    }

    @Test
    void aBlindRecipientBeyondAsciiIsNoMatterOfTheMessage() {
        var blind = Mailbox.of(new EmailAddress("jörg", "example.org"));
        var addressing =
                new MailEvent.Addressing(null, List.of(), List.of(), List.of(blind), List.of());

        var message = MimeMessageWriter.write(addressedTo(addressing), PROJECTS, DATE);

        assertThat(message.requiresSmtpUtf8()).isFalse();
        assertThat(new String(message.bytes(), StandardCharsets.UTF_8))
                .contains("\r\nTo: undisclosed-recipients:;\r\n")
                .doesNotContain("jörg");
    }

    @Test
    void aHundredRecipientsAreFoldedBetweenAddresses() {
        var to = new Mailbox[100];
        for (int i = 0; i < to.length; i++) {
            to[i] = new Mailbox("Person " + i, new EmailAddress("person" + i, "example.org"));
        }

        String text = textOf(addressedTo(Events.to(to)));

        assertThat(text.lines())
                .contains(
                        "To: Person 0 <person0@example.org>, Person 1 <person1@example.org>,",
                        " Person 2 <person2@example.org>, Person 3 <person3@example.org>,",
                        " Person 98 <person98@example.org>, Person 99 <person99@example.org>");
    }

    private static byte[] write(MailEvent event, Mailbox from) {
        return MimeMessageWriter.write(event, from, DATE).bytes();
    }

    private static void assertLinesAreFit(String what, byte[] message) {
        int lineStart = 0;
        boolean head = true;
        for (int i = 0; i < message.length; i++) {
            assertThat(message[i]).as(what).isPositive();
            if (message[i] == '\r' || message[i] == '\n') {
                String line =
                        new String(message, lineStart, i - lineStart, StandardCharsets.US_ASCII);
                assertThat(message[i]).as(what).isEqualTo((byte) '\r');
                assertThat(message[i + 1]).as(what).isEqualTo((byte) '\n');
                assertThat(line.length()).as(what).isLessThanOrEqualTo(998);
                head &= !line.isEmpty();
                if (head && line.length() > 76) {
                    // one word that can't be folded, after the field's name perhaps
                    assertThat(line.strip()).as(what).matches("([!-9;-~]+: )?(\\S+|<?\".*\"@\\S+)");
                }
                i++;
                lineStart = i + 1;
            }
        }
        assertThat(lineStart).as(what + ", its last line is ended").isEqualTo(message.length);
    }

    private static void assertFieldsAreAllowed(String what, byte[] message, MailEvent event) {
        var allowed = new HashSet<>(FIELDS);
        allowed.addAll(((MailEvent.Written) event.content()).headers().keySet());
        String text = new String(message, StandardCharsets.US_ASCII);
        String head = text.substring(0, text.indexOf("\r\n\r\n"));
        var seen = new HashSet<String>();
        for (String field : head.replace("\r\n ", " ").split("\r\n")) {
            String name = field.substring(0, field.indexOf(':'));
            assertThat(allowed).as(what).contains(name);
            assertThat(seen.add(name)).as(what + ": one " + name).isTrue();
        }
    }
}
