package dev.outmail.delivery.smtp;

import static dev.outmail.delivery.smtp.Rig.assertTrouble;
import static dev.outmail.delivery.smtp.Rig.assertVerdicts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.delivery.Reason;
import dev.outmail.delivery.RecipientVerdict.Verdict;
import dev.outmail.delivery.TestMails;
import dev.outmail.delivery.TransportResult.Kind;
import dev.outmail.settings.Connection.Login;
import dev.outmail.settings.SecretReference;
import dev.outmail.testkit.smtp.Act;
import dev.outmail.testkit.smtp.ScriptedSmtpServer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class SmtpLoginTest {

    private static Rig rig() {
        var server = ScriptedSmtpServer.start().requireLogin("outmail", Rig.PASSWORD);
        return Rig.against(server).login().start();
    }

    @Test
    void theLoginIsSentOncePerConnection() throws Exception {
        try (Rig rig = rig()) {
            assertVerdicts(rig.deliver(TestMails.to("a@example.net")), Verdict.ACCEPTED);
            assertVerdicts(rig.deliver(TestMails.to("b@example.net")), Verdict.ACCEPTED);

            assertThat(rig.server.received()).allMatch(message -> message.user().equals("outmail"));
            assertThat(rig.server.heard()).filteredOn(h -> h.line().startsWith("AUTH")).hasSize(1);
        }
    }

    @Test
    void aServerWithAuthLoginOnlyIsLoggedInTo() throws Exception {
        try (Rig rig = rig()) {
            rig.server.on("EHLO", "250-hello", "250 AUTH LOGIN CRAM-MD5");

            assertVerdicts(rig.deliver(TestMails.to("a@example.net")), Verdict.ACCEPTED);
            assertThat(rig.server.heardOn(1)).contains("AUTH LOGIN");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "250 hello",
                "250-hello\r\n250 AUTH",
                "250-hello\r\n250 AUTH XOAUTH2 NTLM",
                "250-hello\r\n250 AUTH CRAM-MD5 DIGEST-MD5 GSSAPI EXTERNAL"
            })
    void aServerThatOffersNoLoginGetsNothing(String ehlo) throws Exception {
        try (Rig rig = rig()) {
            rig.server.on("EHLO", ehlo);

            var result = rig.deliver(TestMails.to("a@example.net"));

            var trouble = assertTrouble(result, Kind.CREDENTIALS, Reason.LOGIN_FAILED);
            assertThat(trouble.detail()).contains("neither AUTH PLAIN nor AUTH LOGIN");
            assertThat(rig.server.heardOn(1)).containsExactly("EHLO worker.example.org");
        }
    }

    @Test
    void aServerWithoutEhloGetsNoLoginAndNothingElse() throws Exception {
        try (Rig rig = rig()) {
            rig.server.on("EHLO", "500 what?");

            var result = rig.deliver(TestMails.to("a@example.net"));

            assertTrouble(result, Kind.SERVER, Reason.UNAVAILABLE);
            assertThat(rig.server.heardOn(1)).containsExactly("EHLO worker.example.org");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "535 5.7.8 wrong password   | CREDENTIALS | LOGIN_FAILED",
                "534 5.7.9 too weak         | CREDENTIALS | LOGIN_FAILED",
                "538 5.7.11 encryption      | CREDENTIALS | LOGIN_FAILED",
                "530 5.7.0 STARTTLS first   | CREDENTIALS | LOGIN_FAILED",
                "504 5.5.4 mechanism        | CREDENTIALS | LOGIN_FAILED",
                "550 5.7.1 account locked   | CREDENTIALS | LOGIN_FAILED",
                "454 4.7.0 backend down     | SERVER      | UNAVAILABLE",
                "432 4.7.12 transition      | SERVER      | UNAVAILABLE",
                "421 4.7.0 slow down        | SERVER      | UNAVAILABLE",
                "334 more                   | SERVER      | PROTOCOL_ERROR",
                "<html>                     | SERVER      | PROTOCOL_ERROR",
                "250 ok                     | SERVER      | PROTOCOL_ERROR"
            })
    void aRefusedLoginIsToldFromAServerThatCantSay(String reply, Kind kind, Reason reason)
            throws Exception {
        try (Rig rig = rig()) {
            rig.server.on("AUTH", reply);

            var result = rig.deliver(TestMails.to("a@example.net"));

            assertThat(assertTrouble(result, kind, reason).detail()).contains(reply);
            assertThat(rig.server.heard()).noneMatch(heard -> heard.line().startsWith("MAIL"));
            assertThat(rig.server.connections()).isEqualTo(1);
        }
    }

    @Test
    void aConnectionLostWhileLoggingInIsTroubleOfTheServers() throws Exception {
        try (Rig rig = rig()) {
            rig.server.on("AUTH", Act.close());

            var result = rig.deliver(TestMails.to("a@example.net"));

            assertTrouble(result, Kind.SERVER, Reason.CONNECTION_LOST);
        }
    }

    @Test
    void aLoginLostInItsMiddleIsTroubleOfTheServers() throws Exception {
        try (Rig rig = rig()) {
            rig.server
                    .on("EHLO", "250-hello", "250 AUTH LOGIN")
                    .on("AUTH", Act.reply("334 VXNlcm5hbWU6").then(Act.close()));

            var result = rig.deliver(TestMails.to("a@example.net"));

            assertTrouble(result, Kind.SERVER, Reason.CONNECTION_LOST);
        }
    }

    @Test
    void aPasswordThatIsNotThereIsAMatterOfSettingsAndNobodyIsCalled() throws Exception {
        var server = ScriptedSmtpServer.start();
        try (Rig rig = Rig.against(server).login().environment(Map.of()).start()) {

            var result = rig.deliver(TestMails.to("a@example.net"));

            var trouble = assertTrouble(result, Kind.CREDENTIALS, Reason.LOGIN_FAILED);
            assertThat(trouble.detail()).contains("PASSWORD is not set");
            assertThat(server.connections()).isZero();
        }
    }

    @Test
    void neitherIsAnybodyCalledForASealedPasswordThatDoesNotOpen() throws Exception {
        var server = ScriptedSmtpServer.start();
        var sealed = "om1.k1.AAAAAAAAAAAAAAAA." + "A".repeat(107);
        var login = new Login("outmail", SecretReference.parse("default", sealed));
        try (Rig rig = Rig.against(server).login(login).start()) {

            var result = rig.deliver(TestMails.to("a@example.net"));

            var trouble = assertTrouble(result, Kind.CREDENTIALS, Reason.LOGIN_FAILED);
            assertThat(trouble.detail()).startsWith("no password: it is sealed with the key 'k1'");
            assertThat(server.connections()).isZero();
        }
    }

    @Test
    void aServerThatRepeatsWhatItWasToldDoesNotGetThePasswordIntoOurLog() throws Exception {
        try (Rig rig = rig()) {
            rig.server.on("AUTH", peer -> peer.say("502 5.5.1 unknown: " + rig.server.heard()));

            var result = rig.deliver(TestMails.to("a@example.net"));

            var trouble = assertTrouble(result, Kind.CREDENTIALS, Reason.LOGIN_FAILED);
            assertThat(trouble.detail())
                    .contains("AUTH PLAIN ***")
                    .doesNotContain(base64("outmail\0outmail\0" + Rig.PASSWORD));
        }
    }

    @Test
    void neitherDoesOneThatRepeatsAnAnswer() throws Exception {
        try (Rig rig = rig()) {
            rig.server.on("EHLO", "250-hello", "250 AUTH LOGIN");
            rig.server.on(
                    "AUTH",
                    peer -> {
                        peer.say("334 VXNlcm5hbWU6");
                        peer.readLine();
                        peer.say("334 UGFzc3dvcmQ6");
                        peer.say("535 5.7.8 wrong: " + peer.readLine() + ", " + Rig.PASSWORD);
                    });

            var result = rig.deliver(TestMails.to("a@example.net"));

            assertThat(assertTrouble(result, Kind.CREDENTIALS, Reason.LOGIN_FAILED).detail())
                    .endsWith("535 5.7.8 wrong: ***, ***");
        }
    }

    @Test
    void thePasswordGoesAsTheBytesItHasInUtf8() throws Exception {
        try (Rig rig = rig()) {
            rig.deliver(TestMails.to("a@example.net"));

            assertThat(rig.server.heardOn(1))
                    .contains("AUTH PLAIN " + base64("outmail\0outmail\0" + Rig.PASSWORD));
        }
    }

    /// Even with everything that Angus can log.
    @Test
    void noLogShowsThePassword() throws Exception {
        var logger = Logger.getLogger("dev.outmail.delivery.smtp"); // as Angus names it
        var log = new RecordingHandler();
        logger.setLevel(Level.ALL);
        logger.setUseParentHandlers(false);
        logger.addHandler(log);
        try (Rig rig = rig()) {
            rig.server.once("AUTH", "535 5.7.8 wrong").once("EHLO", "250-hi", "250 AUTH LOGIN");

            rig.deliver(TestMails.to("a@example.net"));
            rig.deliver(TestMails.to("a@example.net"));
        } finally {
            logger.removeHandler(log);
            logger.setLevel(null);
            logger.setUseParentHandlers(true);
        }

        assertThat(log.text)
                .contains("EHLO worker.example.org")
                .doesNotContain(Rig.PASSWORD)
                .doesNotContain(base64(Rig.PASSWORD))
                .doesNotContain(base64("outmail\0outmail\0" + Rig.PASSWORD));
    }

    private static final class RecordingHandler extends Handler {
        final StringBuilder text = new StringBuilder();

        @Override
        public void publish(LogRecord record) {
            text.append(new SimpleFormatter().formatMessage(record)).append('\n');
            if (record.getThrown() != null) {
                text.append(record.getThrown()).append('\n');
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
