package dev.outmail.delivery.smtp;

import static dev.outmail.delivery.smtp.Rig.assertTrouble;
import static dev.outmail.delivery.smtp.Rig.assertVerdicts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.delivery.Reason;
import dev.outmail.delivery.RecipientVerdict.Verdict;
import dev.outmail.delivery.TestMails;
import dev.outmail.delivery.TransportResult.Kind;
import dev.outmail.settings.Connection.Security;
import dev.outmail.testkit.smtp.Heard;
import dev.outmail.testkit.smtp.ScriptedSmtpServer;
import dev.outmail.testkit.smtp.TestCertificates;
import dev.outmail.testkit.smtp.TestCertificates.Identity;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class SmtpTlsTest {
    private static final SSLSocketFactory TRUSTING = TestCertificates.trustingClient();

    @ParameterizedTest
    @EnumSource
    void aTrustedServerIsSentToWithLogin(Security security) throws Exception {
        try (Rig rig = rig(security, Identity.GOOD, TRUSTING)) {

            var result = rig.deliver(TestMails.to("a@example.net"));

            assertVerdicts(result, Verdict.ACCEPTED);
            var received = rig.server.received().getFirst();
            assertThat(received.secure()).isEqualTo(security != Security.NONE);
            assertThat(received.user()).isEqualTo("outmail");
        }
    }

    static Stream<Arguments> badCertificates() {
        var rows = new ArrayList<Arguments>();
        for (Security security : List.of(Security.STARTTLS, Security.TLS)) {
            rows.add(Arguments.of(security, Identity.EXPIRED, "NotAfter"));
            rows.add(Arguments.of(security, Identity.SELF_SIGNED, "certification path"));
            rows.add(Arguments.of(security, Identity.WRONG_HOST, "localhost"));
        }
        return rows.stream();
    }

    @ParameterizedTest(name = "{0} with a certificate that is {1}")
    @MethodSource("badCertificates")
    void aServerThatCantProveWhoItIsGetsNothing(Security security, Identity identity, String words)
            throws Exception {
        try (Rig rig = rig(security, identity, TRUSTING)) {

            var result = rig.deliver(TestMails.to("a@example.net"));

            var trouble = assertTrouble(result, Kind.SERVER, Reason.TLS_FAILED);
            assertThat(trouble.detail()).contains(words);
            assertNothingWasGivenAway(rig);
        }
    }

    /// The JDK does not look at the dates of a certificate that is itself in the trust store.
    @ParameterizedTest
    @EnumSource(names = {"STARTTLS", "TLS"})
    void anExpiredCertificateIsRefusedEvenIfItIsTrustedItself(Security security) throws Exception {
        var pinning = TestCertificates.clientPinning(Identity.EXPIRED);
        try (Rig rig = rig(security, Identity.EXPIRED, pinning)) {

            var result = rig.deliver(TestMails.to("a@example.net"));

            var trouble = assertTrouble(result, Kind.SERVER, Reason.TLS_FAILED);
            assertThat(trouble.detail()).contains("CertificateExpiredException: NotAfter");
            assertNothingWasGivenAway(rig);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"STARTTLS", "TLS"})
    void aSelfSignedCertificateThatIsTrustedItselfIsGood(Security security) throws Exception {
        var pinning = TestCertificates.clientPinning(Identity.SELF_SIGNED);
        try (Rig rig = rig(security, Identity.SELF_SIGNED, pinning)) {

            assertVerdicts(rig.deliver(TestMails.to("a@example.net")), Verdict.ACCEPTED);
        }
    }

    @Test
    void theCertificateIsCheckedAgainstAnAddressToo() throws Exception {
        var server = ScriptedSmtpServer.startWithStartTls(TestCertificates.server(Identity.GOOD));
        try (Rig rig =
                Rig.against(server)
                        .security(Security.STARTTLS, TRUSTING)
                        .host("127.0.0.1")
                        .start()) {

            assertVerdicts(rig.deliver(TestMails.to("a@example.net")), Verdict.ACCEPTED);
        }
    }

    @Test
    void aStrippedStartTlsIsNoReasonToGoOnInPlainText() throws Exception {
        var stripped = ScriptedSmtpServer.start().requireLogin("outmail", Rig.PASSWORD);
        try (Rig rig =
                Rig.against(stripped).security(Security.STARTTLS, TRUSTING).login().start()) {

            var result = rig.deliver(TestMails.to("a@example.net"));

            var trouble = assertTrouble(result, Kind.SERVER, Reason.TLS_FAILED);
            assertThat(trouble.detail()).contains("does not offer STARTTLS");
            assertNothingWasGivenAway(rig);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"454 4.7.0 not available", "502 5.5.1 not here", "250 fine", "421 closing"})
    void aRefusedStartTlsIsNoReasonToGoOnInPlainText(String reply) throws Exception {
        try (Rig rig = rig(Security.STARTTLS, Identity.GOOD, TRUSTING)) {
            rig.server.once("STARTTLS", reply);

            var result = rig.deliver(TestMails.to("a@example.net"));

            assertTrouble(result, Kind.SERVER, Reason.TLS_FAILED);
            assertNothingWasGivenAway(rig);
        }
    }

    /// CVE-2011-0411: what was said before the handshake must not count after it.
    @Test
    void whatIsInjectedBehindTheAnswerToStartTlsIsNotBelieved() throws Exception {
        try (Rig rig = rig(Security.STARTTLS, Identity.GOOD, TRUSTING)) {
            rig.server.once(
                    "STARTTLS", "220 ready\r\n250-evil\r\n250 AUTH EXTERNAL\r\n235 welcome");

            var result = rig.deliver(TestMails.to("a@example.net"));

            assertVerdicts(result, Verdict.ACCEPTED);
            assertThat(rig.server.heardInClear()).noneMatch(SmtpTlsTest::givesAway);
            assertThat(rig.server.heard())
                    .contains(new Heard(1, true, "EHLO worker.example.org"))
                    .anyMatch(heard -> heard.line().startsWith("AUTH PLAIN"));
        }
    }

    @Test
    void anEhloRefusedAfterTheHandshakeIsTheEnd() throws Exception {
        try (Rig rig = rig(Security.STARTTLS, Identity.GOOD, TRUSTING)) {
            rig.server
                    .once("EHLO", "250-hello", "250-AUTH PLAIN", "250 STARTTLS")
                    .once("EHLO", "554 no");

            var result = rig.deliver(TestMails.to("a@example.net"));

            assertTrouble(result, Kind.SERVER, Reason.UNAVAILABLE);
            assertThat(rig.server.heard()).noneMatch(heard -> givesAway(heard.line()));
        }
    }

    @Test
    void aServerThatSpeaksPlainTextWhereTlsIsExpectedIsATlsFailure() throws Exception {
        var plain = ScriptedSmtpServer.start();
        try (Rig rig = Rig.against(plain).security(Security.TLS, TRUSTING).login().start()) {

            var result = rig.deliver(TestMails.to("a@example.net"));

            assertTrouble(result, Kind.SERVER, Reason.TLS_FAILED);
            assertThat(rig.server.heard()).noneMatch(heard -> givesAway(heard.line()));
        }
    }

    @Test
    void theServersOwnJvmTrustsNobodyByAccident() throws Exception {
        try (Rig rig =
                rig(
                        Security.TLS,
                        Identity.GOOD,
                        (SSLSocketFactory) SSLSocketFactory.getDefault())) {

            var result = rig.deliver(TestMails.to("a@example.net"));

            assertTrouble(result, Kind.SERVER, Reason.TLS_FAILED);
        }
    }

    private static Rig rig(Security security, Identity identity, SSLSocketFactory client) {
        var context = TestCertificates.server(identity);
        var server =
                switch (security) {
                    case NONE -> ScriptedSmtpServer.start();
                    case STARTTLS -> ScriptedSmtpServer.startWithStartTls(context);
                    case TLS -> ScriptedSmtpServer.startWithTls(context);
                };
        server.requireLogin("outmail", Rig.PASSWORD);
        return Rig.against(server).security(security, client).login().start();
    }

    private static void assertNothingWasGivenAway(Rig rig) {
        assertThat(rig.server.heard()).noneMatch(heard -> givesAway(heard.line()));
        assertThat(rig.server.received()).isEmpty();
    }

    private static boolean givesAway(String line) {
        return line.matches("(?s)(AUTH|MAIL|RCPT|DATA).*");
    }
}
