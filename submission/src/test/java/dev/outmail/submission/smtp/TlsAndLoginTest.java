package dev.outmail.submission.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import at.favre.lib.crypto.bcrypt.BCrypt;
import dev.outmail.config.Deployment.PemFiles;
import dev.outmail.testkit.smtp.TestCertificates;
import dev.outmail.testkit.smtp.TestCertificates.Identity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class TlsAndLoginTest {
    @TempDir Path folder;

    private Rig rig;

    @BeforeEach
    void open() throws IOException {
        TestCertificates.writePem(certificate(), key(), Identity.GOOD);
        Files.writeString(users(), "# who may send\napp:" + bcrypt("right") + "\nnonsense\n");
        rig = start("");
    }

    private Rig start(String networks) {
        return new Rig(
                Map.of(
                        "smtp-in.tls.certificate", certificate().toString(),
                        "smtp-in.tls.key", key().toString(),
                        "smtp-in.users", users().toString(),
                        "smtp-in.proxies", "127.0.0.1",
                        "smtp-in.networks", networks));
    }

    private static String bcrypt(String password) {
        return BCrypt.withDefaults().hashToString(4, password.toCharArray());
    }

    private Path certificate() {
        return folder.resolve("chain.pem");
    }

    private Path key() {
        return folder.resolve("key.pem");
    }

    private Path users() {
        return folder.resolve("users");
    }

    @AfterEach
    void close() {
        rig.close();
    }

    /// From elsewhere, as a load balancer would say.
    private Talk connect() throws IOException {
        return rig.connect().say("PROXY TCP4 192.0.2.7 192.0.2.1 4711 25\r\n");
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private Talk secure(Talk talk) throws IOException {
        return talk.begin()
                .startTls(TestCertificates.trustingClient())
                .ask("EHLO test.example", "250-");
    }

    @Test
    void whoLogsInOverTlsMaySend() throws Exception {
        try (var talk = secure(connect())) {
            talk.ask("MAIL FROM:<a@example.com>", "530 5.7.0 Log in first");

            talk.ask("AUTH PLAIN " + base64("\0app\0right"), "235 2.7.0");

            talk.envelope().data().say(Talk.MESSAGE + ".\r\n").expect("250 ");
            talk.ask("AUTH PLAIN " + base64("\0app\0right"), "503 ")
                    .ask("QUIT", "221 ")
                    .expectEnd();
        }
        var received = rig.letterbox.only().trace().received();
        assertThat(received).contains("([192.0.2.7])", "with ESMTPSA;");
    }

    @Test
    void nobodyIsAskedForAPasswordInTheClear() throws Exception {
        try (var talk = connect()) {
            talk.expect("220 ").say("EHLO x\r\n");
            assertThat(talk.reply()).contains("STARTTLS").doesNotContain("AUTH");

            talk.ask("AUTH PLAIN " + base64("\0app\0right"), "538 5.7.11");

            talk.ask("MAIL FROM:<a@example.com>", "530 5.7.0 Start TLS");
        }
    }

    @Test
    void whoTriesToSendAgainAndAgainWithoutALoginIsSentAway() throws Exception {
        try (var talk = connect()) {
            talk.begin();
            for (int i = 0; i < 19; i++) {
                talk.ask("MAIL FROM:<a@example.com>", "530 ");
            }

            talk.ask("MAIL FROM:<a@example.com>", "421 4.7.0").expectEnd();
        }
    }

    @Test
    void underTlsAllBeginsAnew() throws Exception {
        try (var talk = connect()) {
            talk.begin().startTls(TestCertificates.trustingClient());

            talk.ask("MAIL FROM:<a@example.com>", "503 ");
            talk.say("EHLO x\r\n");
            assertThat(talk.reply()).contains("AUTH PLAIN LOGIN").doesNotContain("STARTTLS");
            talk.ask("STARTTLS", "502 ");
        }
    }

    @Test
    void whatWasSaidWithStarttlsIsNotHeardUnderTls() throws Exception {
        try (var talk = connect()) {
            talk.begin();

            talk.say("STARTTLS\r\nEHLO evil\r\nMAIL FROM:<a@example.com>\r\n");

            talk.expect("554 5.5.1").expectEnd();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\0app\0wrong",
                "\0nobody\0right",
                "\0app\0",
                "app\0right",
                "other\0app\0right",
                "\0app\0right\0",
                ""
            })
    void whoIsNotKnownMayNot(String message) throws Exception {
        try (var talk = secure(connect())) {
            talk.ask("AUTH PLAIN " + (message.isEmpty() ? "=" : base64(message)), "535 5.7.8");

            talk.ask("MAIL FROM:<a@example.com>", "530 ");
        }
    }

    @Test
    void loginIsAskedForInTwoParts() throws Exception {
        try (var talk = secure(connect())) {
            talk.ask("AUTH LOGIN", "334 VXNlcm5hbWU6").ask("*", "501 5.7.0");
            talk.ask("AUTH LOGIN", "334")
                    .ask(base64("app"), "334 UGFzc3dvcmQ6")
                    .ask("?", "501 5.5.2");
            talk.ask("AUTH PLAIN", "334").ask("*", "501 5.7.0");
            talk.ask("AUTH CRAM-MD5", "504 5.5.4");

            talk.ask("AUTH LOGIN " + base64("app"), "334").ask(base64("right"), "235 ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"AUTH PLAIN", "AUTH LOGIN", "AUTH LOGIN YXBw"})
    void anAnswerThatIsTooLongIsRefusedOnce(String command) throws Exception {
        try (var talk = secure(connect())) {
            talk.ask(command, "334");

            talk.ask("x".repeat(20_000), "500 5.5.2").ask("NOOP", "250 ");
        }
    }

    @Test
    void aClientThatTriesPasswordsIsPutOff() throws Exception {
        try (var talk = secure(connect())) {
            for (int i = 0; i < 10; i++) {
                talk.ask("AUTH PLAIN " + base64("\0app\0" + i), "535 ");
            }
        }
        try (var talk = secure(connect())) {
            talk.ask("AUTH PLAIN " + base64("\0app\0right"), "454 4.7.0");
        }
        assertThat(rig.meters.scrape()).contains("logins_total{result=\"wrong\"} 10");
    }

    @Test
    void aWrongPasswordLocksOutNobodyElseAndNobodyWhoseIsKnown() throws Exception {
        Files.writeString(users(), "app:" + bcrypt("right") + "\nshop:" + bcrypt("shop's") + "\n");
        Files.setLastModifiedTime(users(), FileTime.from(Instant.EPOCH));
        try (var talk = secure(connect())) {
            talk.ask("AUTH PLAIN " + base64("\0app\0right"), "235 ");
        }
        try (var talk = secure(connect())) {
            for (int i = 0; i < 10; i++) {
                talk.ask("AUTH PLAIN " + base64("\0app\0" + i), "535 ");
            }

            talk.ask("AUTH PLAIN " + base64("\0app\0wrong"), "454 4.7.0");
            talk.ask("AUTH PLAIN " + base64("\0app\0right"), "235 ");
        }
        try (var talk = secure(connect())) {
            talk.ask("AUTH PLAIN " + base64("\0shop\0shop's"), "235 ");
        }
    }

    @Test
    void aChangedUsersFileCountsAtOnce() throws Exception {
        try (var talk = secure(connect())) {
            talk.ask("AUTH PLAIN " + base64("\0app\0right"), "235 ");
        }
        Files.writeString(users(), "app:" + bcrypt("other") + "\n");
        Files.setLastModifiedTime(users(), FileTime.from(Instant.EPOCH));

        try (var talk = secure(connect())) {
            talk.ask("AUTH PLAIN " + base64("\0app\0right"), "535 ");
            talk.ask("AUTH PLAIN " + base64("\0app\0other"), "235 ");
        }
    }

    @Test
    void aNewCertificateIsShownToTheNextAndABadOneIsNot() throws Exception {
        TestCertificates.writePem(certificate(), key(), Identity.SELF_SIGNED);
        Files.setLastModifiedTime(key(), FileTime.from(Instant.EPOCH));
        var pinning = TestCertificates.clientPinning(Identity.SELF_SIGNED);
        try (var talk = connect()) {
            talk.begin().startTls(pinning).ask("EHLO x", "250-");
        }
        try (var talk = connect()) {
            talk.begin();
            assertThatThrownBy(() -> talk.startTls(TestCertificates.trustingClient()))
                    .isInstanceOf(SSLException.class);
        }

        Files.writeString(certificate(), "half of a cert");
        Files.setLastModifiedTime(certificate(), FileTime.from(Instant.EPOCH));

        try (var talk = connect()) {
            talk.begin().startTls(pinning).ask("EHLO x", "250-");
        }
    }

    @Test
    void aKeyOfAnotherCertificateIsNone() throws Exception {
        var others = folder.resolve("others.pem");
        TestCertificates.writePem(others, folder.resolve("unused.pem"), Identity.SELF_SIGNED);

        assertThatThrownBy(() -> new ServerIdentity(new PemFiles(others, key())))
                .isInstanceOf(GeneralSecurityException.class)
                .hasMessageContaining("is not the key of");
        assertThatThrownBy(() -> new ServerIdentity(new PemFiles(certificate(), others)))
                .hasMessageContaining("openssl pkcs8");
    }

    @Test
    void whoIsInTheNetworksNeedNotLogIn() throws Exception {
        try (var open = start("192.0.2.0/24")) {
            try (var talk = open.connect().say("PROXY TCP4 192.0.2.7 192.0.2.1 1 2\r\n")) {
                talk.begin().envelope();
            }
            try (var talk = open.connect().say("PROXY TCP4 192.0.3.7 192.0.2.1 1 2\r\n")) {
                talk.begin().ask("MAIL FROM:<a@example.com>", "530 ");
            }
            try (var talk = open.connect().say("PROXY UNKNOWN\r\n")) {
                talk.begin().ask("MAIL FROM:<a@example.com>", "530 ");
            }
        }
    }
}
