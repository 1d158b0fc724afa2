package dev.outmail.submission.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A message ends with CRLF, a dot and CRLF; whatever is only like that neither ends it nor gets
/// further, where somebody may take it for the end.
@Timeout(20)
class SmugglingTest {
    private static final String SECOND =
            Talk.lines(
                    "MAIL FROM:<ceo@example.com>",
                    "RCPT TO:<victim@example.org>",
                    "DATA",
                    "From: ceo@example.com",
                    "",
                    "Pay",
                    ".");

    private final Rig rig = new Rig(Map.of());

    @AfterEach
    void close() {
        rig.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\\n.\\n",
                "\\n.\\r\\n",
                "\\r\\n.\\n",
                "\\r.\\r",
                "\\r.\\r\\n",
                "\\r\\n.\\r",
                "\\n.\\r",
                "\\r.\\n",
                "\\r\\n\\n.\\r\\n",
                "\\r\\r\\n.\\n",
                "\\r\\n.\\r\\r\\n"
            })
    void aFalseEndEndsTheConnection(String end) throws Exception {
        var falseEnd = end.replace("\\r", "\r").replace("\\n", "\n");
        try (var talk = rig.connect()) {
            talk.begin().envelope().data();

            talk.say("From: a@example.com\r\n\r\nHello" + falseEnd + SECOND);

            talk.expect("554 5.5.2").expectEnd();
        }
        assertThat(rig.letterbox.taken()).isEmpty();
        assertThat(rig.meters.scrape()).contains("connections_total{end=\"abuse\"} 1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\\n", "\\r", "\\n\\n", "\\r\\r", "\\r\\r\\n", "\\n..\\r\\n", "\\n.x\\n"})
    void aMessageWithBareLineEndsIsRefusedWholeAndTheNextIsTaken(String bare) throws Exception {
        var between = bare.replace("\\r", "\r").replace("\\n", "\n");
        try (var talk = rig.connect()) {
            talk.begin().envelope().data();

            talk.say("From: a@example.com\r\n\r\none" + between + "two\r\n.\r\n");

            talk.expect("554 5.6.0");
            talk.envelope().data().say(Talk.MESSAGE + ".\r\n").expect("250 ");
        }
        assertThat(rig.letterbox.only().message()).isEqualTo(Talk.MESSAGE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"NOOP\n", "NOOP\r", "NO\0OP\r\n", "NOOP\r\r\n", "\u001b[2J\r\n"})
    void aCommandThatEndsOtherwiseEndsTheConnection(String command) throws Exception {
        try (var talk = rig.connect()) {
            talk.begin();

            talk.say(command + "NOOP\r\nNOOP\r\n");

            talk.expect("554 5.5.2").expectEnd();
        }
    }

    @Test
    void commandsInAMessageAreText() throws Exception {
        var message = "From: a@example.com\r\n\r\nQUIT\r\nRSET\r\n.. two dots\r\n. one\r\n";
        try (var talk = rig.connect()) {
            talk.begin().envelope().data();

            talk.say(message.replace("\r\n.", "\r\n..") + ".\r\n").expect("250 ");

            talk.ask("NOOP", "250 ");
        }
        assertThat(rig.letterbox.only().message()).isEqualTo(message);
    }

    @Test
    void anEmptyMessageEndsAtOnce() throws Exception {
        try (var talk = rig.connect()) {
            talk.begin().envelope().data();

            talk.say(".\r\n").expect("554 5.6.0");

            talk.ask("NOOP", "250 ");
        }
    }

    @Test
    void aWebPageDoesNotSpeakSmtp() throws Exception {
        try (var talk = rig.connect()) {
            talk.expect("220 ");

            talk.say("POST / HTTP/1.1\r\nHost: localhost:2525\r\n\r\nEHLO x\r\n" + SECOND);

            talk.expect("554 5.5.1").expectEnd();
        }
        assertThat(rig.letterbox.taken()).isEmpty();
    }
}
