package dev.outmail.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import dev.outmail.settings.Settings;
import dev.outmail.testkit.smtp.ScriptedSmtpServer;
import dev.outmail.testkit.smtp.TestCertificates;
import dev.outmail.testkit.smtp.TestCertificates.Identity;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The test of a connection to servers with TLS, good and bad, as an admin does it.
class ConnectionTestIT {
    @RegisterExtension static final Rig RIG = new Rig();

    private static final String PASSWORD = "changeit";
    private static final String STORE = "javax.net.ssl.trustStore";
    private static final String STORE_PASSWORD = "javax.net.ssl.trustStorePassword";

    @TempDir static Path folder;

    @BeforeAll
    static void trustTheTestAuthority() throws InterruptedException {
        RIG.save(Settings.INITIAL);
        trust();
        System.setProperty(STORE_PASSWORD, PASSWORD);
    }

    private static void trust(Identity... pinned) {
        var file = folder.resolve("trust-" + pinned.length + ".p12");
        TestCertificates.writeTrustStore(file, List.of(pinned));
        System.setProperty(STORE, file.toString());
    }

    @AfterAll
    static void trustAsBefore() {
        System.clearProperty(STORE);
        System.clearProperty(STORE_PASSWORD);
    }

    private static ScriptedSmtpServer start(String security, Identity identity) {
        var context = TestCertificates.server(identity);
        return security.equals("tls")
                ? ScriptedSmtpServer.startWithTls(context)
                : ScriptedSmtpServer.startWithStartTls(context);
    }

    /// Fills the form in and clicks.
    private static Page tested(String security, ScriptedSmtpServer server) {
        var page = RIG.page("admin");
        page.navigate(RIG.url("/settings/default"));
        page.check("input[name='connection.mode'][value=smtp]");
        page.fill("#f-connection-host", server.host());
        page.fill("#f-connection-port", "" + server.port());
        page.selectOption("#f-connection-security", security);
        page.click("button:has-text('Test connection')");
        assertThat(page.locator("#test .steps, #test .error")).isVisible();
        return page;
    }

    private static String certificate(Identity identity) throws Exception {
        var file = folder.resolve(identity + ".p12");
        TestCertificates.writeKeyStore(file, identity);
        var keys = KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray());
        var certificate = (X509Certificate) keys.getCertificate(keys.aliases().nextElement());
        return "Certificate of %s, by %s, valid until %s"
                .formatted(
                        certificate.getSubjectX500Principal().getName(),
                        certificate.getIssuerX500Principal().getName(),
                        certificate.getNotAfter().toInstant().truncatedTo(ChronoUnit.SECONDS));
    }

    @ParameterizedTest
    @CsvSource({"starttls,EHLO by TLS", "tls,Greeting"})
    void aGoodCertificateIsToldWithItsExpiry(String security, String next) throws Exception {
        try (var server = start(security, Identity.GOOD);
                var page = tested(security, server)) {
            assertThat(page.locator("#test .steps li.ok strong").allInnerTexts())
                    .contains("Resolve", "Connect", security.toUpperCase(Locale.ROOT), next);
            assertThat(page.locator("#test")).containsText("All of it works.");
            assertThat(step(page, security)).containsText("TLSv1.3");
            assertThat(step(page, security)).containsText(certificate(Identity.GOOD));
            assertThat(step(page, security)).not().containsText("soon");
            if (security.equals("starttls")) {
                Rig.screenshot(page, "test-connection-tls");
            }
        }
    }

    private static Locator step(Page page, String security) {
        return page.locator(
                "#test .steps li:has(strong:text-is('" + security.toUpperCase(Locale.ROOT) + "'))");
    }

    @ParameterizedTest
    @CsvSource({
        "starttls,EXPIRED,has expired: the server's owner must renew it",
        "tls,EXPIRED,has expired: the server's owner must renew it",
        "starttls,SELF_SIGNED,is signed by nobody but itself: add it to Java's trust store",
        "tls,SELF_SIGNED,is signed by nobody but itself: add it to Java's trust store",
        "starttls,WRONG_HOST,is another host's: use the name that is in it",
        "tls,WRONG_HOST,is another host's: use the name that is in it"
    })
    void aBadCertificateIsToldWithWhatToDo(String security, Identity identity, String advice)
            throws Exception {
        try (var server = start(security, identity)) {
            isRefused(security, server, certificate(identity), advice);
        }
    }

    private static void isRefused(
            String security, ScriptedSmtpServer server, String words, String advice) {
        try (var page = tested(security, server)) {
            assertThat(page.locator("#test .steps li").last()).containsText(words);
            assertThat(page.locator("#test .steps li.failed")).hasCount(1);
            assertThat(step(page, security)).containsText(words);
            assertThat(step(page, security).locator(".advice")).containsText(advice);
            assertThat(page.locator("#test")).not().containsText("All of it works.");
            assertThat(server.commands("MAIL")).isZero();
            if (advice.contains("nobody but itself")) {
                Rig.screenshot(page, "test-connection-self-signed");
            }
        }
    }

    @Test
    void anExpiredCertificateIsRefusedThoughTheTrustStoreHasIt() throws Exception {
        trust(Identity.EXPIRED);
        try (var server = start("starttls", Identity.EXPIRED)) {
            isRefused("starttls", server, certificate(Identity.EXPIRED), "has expired");
        } finally {
            trust();
        }
    }

    @Test
    void aSelfSignedCertificateIsFineOnceTheTrustStoreHasIt() throws Exception {
        trust(Identity.SELF_SIGNED, Identity.GOOD);
        try (var server = start("tls", Identity.SELF_SIGNED);
                var page = tested("tls", server)) {
            assertThat(step(page, "tls")).containsText(certificate(Identity.SELF_SIGNED));
            assertThat(page.locator("#test")).containsText("All of it works.");
        } finally {
            trust();
        }
    }

    @Test
    void whereThereIsNoTlsThatIsSaid() {
        try (var server = ScriptedSmtpServer.start()) {
            isRefused("starttls", server, "does not offer STARTTLS", "Choose TLS and its port");
            isRefused("tls", server, "unrecognized SSL message", "speaks plain text there");
        }
    }
}
