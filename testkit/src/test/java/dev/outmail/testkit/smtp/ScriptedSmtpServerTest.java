package dev.outmail.testkit.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScriptedSmtpServerTest {

    @Test
    void everyMailIsTakenAndRemembered() throws Exception {
        try (var server = ScriptedSmtpServer.start();
                var client = new Client(server)) {

            List<String> answers =
                    client.say(
                            "EHLO me",
                            "MAIL FROM:<a@example.org>",
                            "RCPT TO:<b@example.org>",
                            "DATA",
                            "one\r\n..two\r\n.",
                            "QUIT");

            assertThat(answers).element(0).asString().startsWith("220 ");
            assertThat(answers).last().asString().startsWith("221 ");
            assertThat(server.received())
                    .singleElement()
                    .satisfies(message -> {
                        assertThat(message.sender()).isEqualTo("<a@example.org>");
                        assertThat(message.recipients()).containsExactly("<b@example.org>");
                        assertThat(message.text()).isEqualTo("one\r\n.two\r\n");
                    });
        }
    }

    @Test
    void theLatestRuleThatFitsAnswersAndOneTimeRulesGoFirst() throws Exception {
        try (var server = ScriptedSmtpServer.start();
                var client = new Client(server)) {
            server.on("NOOP", "250 one").on("noop", "250 two").once("NOOP", "250 once");

            List<String> answers = client.say("NOOP", "NOOP", "noop");

            assertThat(answers.subList(1, 4)).containsExactly("250 once", "250 two", "250 two");
        }
    }

    @Test
    void refusedRecipientsAreNotPartOfTheMessage() throws Exception {
        try (var server = ScriptedSmtpServer.start();
                var client = new Client(server)) {
            server.on("RCPT TO:<bad@", "550-5.1.1 no", "550 5.1.1 such user");

            client.say(
                    "MAIL FROM:<>",
                    "RCPT TO:<bad@example.org>",
                    "RCPT TO:<good@example.org>",
                    "DATA",
                    "hello\r\n.");

            assertThat(server.received().getFirst().recipients())
                    .containsExactly("<good@example.org>");
        }
    }

    @Test
    void aDialogueIsPlayedWordForWordAndSaysWhereTheClientLeftIt() throws Exception {
        try (var server = ScriptedSmtpServer.start()) {
            server.dialogue(
                    """
                    S: 220 hello
                    C: EHLO
                    S: 421 not now
                    """);

            try (var client = new Client(server)) {
                assertThat(client.say("HELO me")).containsExactly("220 hello", "<end>");
            }

            server.await("the surprise", () -> !server.surprises().isEmpty());
            assertThat(server.surprises())
                    .containsExactly("connection 1: expected 'EHLO', heard 'HELO me'");
        }
    }

    @Test
    void aConnectionIsClosedOrResetOnDemand() throws Exception {
        try (var server = ScriptedSmtpServer.start()) {
            server.once("NOOP", Act.close()).once("NOOP", Act.reset());

            try (var first = new Client(server);
                    var second = new Client(server)) {
                assertThat(first.say("NOOP")).last().isEqualTo("<end>");
                assertThatThrownBy(() -> second.say("NOOP")).isInstanceOf(SocketException.class);
            }
            server.awaitOpenConnections(0);
            assertThat(server.mostOpenConnections()).isBetween(1, 2);
        }
    }

    @Test
    void whoConnectsToAClosedServerIsRefused() throws Exception {
        var server = ScriptedSmtpServer.start();
        int port = server.port();

        server.close();

        assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port))
                .isInstanceOf(ConnectException.class);
    }

    @Test
    void aServerThatWasStoppedStartsAgainAtItsPort() throws Exception {
        try (var server = ScriptedSmtpServer.start()) {
            server.stop();

            server.startAgain();

            try (var client = new Client(server)) {
                assertThat(client.say("NOOP")).last().isEqualTo("250 2.0.0 ok");
            }
        }
    }
}
