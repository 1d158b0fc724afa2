package dev.outmail.delivery.mime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.mail.MailEvent;
import dev.outmail.mail.Mailbox;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class FinishedMessageWriterTest {
    private static final Mailbox FROM = Mailbox.parse("Projects <projects@example.com>");

    private static MailEvent event(String message) {
        return MailEvent.builder()
                .id("1")
                .to("ada@example.org")
                .message(message.getBytes(StandardCharsets.UTF_8))
                .build();
    }

    private static String written(String message, boolean forced) {
        return new String(
                MimeMessageWriter.write(event(message), FROM, forced, Events.DATE).bytes(),
                StandardCharsets.UTF_8);
    }

    /// With the line ends that leave.
    private static String sent(String text) {
        return text.replace("\n", "\r\n");
    }

    @Test
    void aWholeMessageLeavesByteByByte() {
        var message =
                sent(
                        """
                        Date: Mon, 23 Nov 2026 08:00:00 +0100
                        From: a@example.com
                        DKIM-Signature: v=1
                        Message-ID: <1@example.com>

                        ö
                        """);

        assertThat(written(message, false)).isEqualTo(message);
    }

    @Test
    void whatIsMissingIsAddedTheSameEachTime() {
        var message = "Subject: s\r\n\r\nb\r\n";

        assertThat(written(message, false))
                .isEqualTo(
                        sent("""
                        Subject: s
                        Date: %s
                        Message-ID: %s
                        From: Projects <projects@example.com>

                        b
                        """)
                                .formatted(
                                        DateField.value(Events.DATE),
                                        MessageId.of(event(message).id())))
                .isEqualTo(written(message, false));
    }

    @Test
    void whatIsNotForReadersDoesNotLeave() {
        assertThat(
                        written(
                                """
                                Date: Mon, 23 Nov 2026 08:00:00 +0100
                                From: a@example.com
                                Message-ID: <1@example.com>
                                Bcc: secret@example.com,
                                 another@example.com
                                RETURN-PATH: <x@example.com>
                                Resent-Bcc: secret@example.com
                                X-Outmail-Profile: p
                                X-Outmail-Replay-Of: /#7
                                Content-Length: 3

                                Bcc: of the body
                                """,
                                false))
                .isEqualTo(
                        sent(
                                """
                                Date: Mon, 23 Nov 2026 08:00:00 +0100
                                From: a@example.com
                                Message-ID: <1@example.com>
                                X-Outmail-Replay-Of: /#7

                                Bcc: of the body
                                """));
    }

    @Test
    void aForcedSenderStandsInPlaceOfTheMessagesOwn() {
        assertThat(
                        written(
                                """
                                Date: x
                                From: a@example.com
                                Sender: b@example.com
                                Message-ID: <1@example.com>

                                b
                                """,
                                true))
                .isEqualTo(
                        sent(
                                """
                                Date: x
                                Message-ID: <1@example.com>
                                From: Projects <projects@example.com>

                                b
                                """));
    }

    @Test
    void itsOwnMessageIdIsTheOneInTheLog() {
        assertThat(MessageId.of(event("Message-ID: <1@example.com>\n\nb\n")))
                .isEqualTo("<1@example.com>");
        assertThat(MessageId.of(event("Message-ID: none\n\nb\n")))
                .isEqualTo(MessageId.of(event("Subject: s\n\nb\n").id()));
    }
}
