package dev.outmail.systemtest.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.settings.Connection;
import dev.outmail.settings.Connection.Login;
import dev.outmail.settings.Connection.Security;
import dev.outmail.settings.Connection.SmtpServer;
import dev.outmail.settings.SecretReference;
import dev.outmail.testkit.smtp.Act;
import dev.outmail.testkit.smtp.ScriptedSmtpServer;
import dev.outmail.testkit.smtp.TestCertificates;
import dev.outmail.testkit.smtp.TestCertificates.Identity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// T11: the login is refused, or TLS is not what it must be; then the settings are put right.
class CredentialsIT {
    @RegisterExtension static final FaultSuite SUITE = new FaultSuite();

    private static final Duration PATIENCE = FaultSuite.PATIENCE;

    /// The ServerHello of a server that knows nothing newer than TLS 1.1 (RFC 4346).
    private static final String HELLO_TLS_1_1 =
            new String(
                    HexFormat.of()
                            .parseHex("160302002a020000260302" + "72".repeat(32) + "00c01300"),
                    StandardCharsets.ISO_8859_1);

    @TempDir Path folder;

    enum Trouble {
        WRONG_PASSWORD,
        TOO_WEAK,
        NO_LOGIN_OFFERED,
        LOGIN_454,
        LOGIN_CUT,
        STARTTLS_STRIPPED,
        STARTTLS_INJECTED,
        EXPIRED,
        EXPIRED_BUT_TRUSTED,
        SELF_SIGNED,
        WRONG_HOST,
        TLS_1_1;

        /// Whether it is about who we are, of which the server must hear seldom.
        boolean isOfCredentials() {
            return this == WRONG_PASSWORD || this == TOO_WEAK || this == NO_LOGIN_OFFERED;
        }
    }

    static Set<Trouble> troubles() {
        return FaultSuite.sized(
                EnumSet.of(Trouble.WRONG_PASSWORD, Trouble.STARTTLS_STRIPPED), Trouble.class);
    }

    @ParameterizedTest
    @MethodSource("troubles")
    void mailsWaitUnharmedUntilTheSettingsArePutRight(Trouble trouble) throws Exception {
        int mails = FaultSuite.sized(100, 5_000);
        TestCertificates.writeTrustStore(
                folder.resolve("trust.p12"),
                trouble == Trouble.EXPIRED_BUT_TRUSTED ? List.of(Identity.EXPIRED) : List.of());
        try (var good = Servers.good();
                var bad = broken(trouble);
                var rig =
                        SUITE.rig("T11 " + trouble)
                                .jvm("-Djavax.net.ssl.trustStore=" + folder.resolve("trust.p12"))
                                .jvm("-Djavax.net.ssl.trustStorePassword=changeit")
                                .server(bad)
                                .set()) {
            good.keep(rig.ledger());
            rig.save(connection(bad, trouble == Trouble.WRONG_PASSWORD ? "wrong" : "right"));
            rig.startWorkers(trouble.isOfCredentials() ? 2 : FaultSuite.sized(1, 2));

            rig.publisher().publish(0, mails);
            // what was injected is thrown away, and the rest of that conversation is as it must be
            if (trouble == Trouble.STARTTLS_INJECTED) {
                rig.awaitAtServer(mails, PATIENCE);
            } else {
                Rig.pause(hold(trouble));
            }
            assertThat(rig.ledger().size())
                    .as("sent")
                    .isEqualTo(trouble == Trouble.STARTTLS_INJECTED ? mails : 0);
            assertThat(bad.heardInClear())
                    .as("in clear")
                    .noneMatch(line -> line.startsWith("AUTH") || line.startsWith("MAIL"));
            int logins = bad.commands("AUTH");
            if (trouble.isOfCredentials()) {
                assertThat(logins).as("logins").isLessThanOrEqualTo(3);
            }
            long fixed = System.nanoTime();
            rig.save(connection(good, "right"));
            rig.awaitAtServer(1, Duration.ofSeconds(30));
            long first = Duration.ofNanos(System.nanoTime() - fixed).toMillis();
            rig.awaitDrained(PATIENCE);

            rig.measured(
                    "%d logins in %d s, first mail %d ms after the fix"
                            .formatted(logins, hold(trouble).toSeconds(), first));
            var found = rig.findings().assertSound();
            assertThat(found.accepted()).isEqualTo(mails);
            assertThat(found.doubled()).isZero();
            assertThat(rig.records().all(rig.topics().deadLetters())).isEmpty();
            assertThat(first).as("first mail").isLessThan(FaultSuite.sized(15_000, 5_000));
        }
    }

    private static Duration hold(Trouble trouble) {
        int full = trouble == Trouble.WRONG_PASSWORD ? 600 : 30;
        return Duration.ofSeconds(FaultSuite.sized(5, full));
    }

    private Connection connection(ScriptedSmtpServer server, String password) throws IOException {
        var file = folder.resolve(password);
        Files.writeString(file, password);
        var login = new Login("outmail", SecretReference.parse("file:" + file));
        return new SmtpServer("localhost", server.port(), Security.STARTTLS, login, 24, null);
    }

    private static ScriptedSmtpServer broken(Trouble trouble) {
        var server = Servers.of(identity(trouble));
        return switch (trouble) {
            case TOO_WEAK -> server.on("AUTH", "534 5.7.9 mechanism is too weak");
            case LOGIN_454 -> server.on("AUTH", "454 4.7.0 temporary failure");
            case LOGIN_CUT -> server.on("AUTH", Act.close());
            case NO_LOGIN_OFFERED ->
                    // before and after TLS
                    server.on("EHLO", "250-scripted.example", "250 STARTTLS");
            case STARTTLS_STRIPPED ->
                    server.on("EHLO", "250-scripted.example", "250 AUTH PLAIN LOGIN");
            case STARTTLS_INJECTED ->
                    server.on("STARTTLS", "220 2.0.0 ready", "250 AUTH PLAIN LOGIN");
            case TLS_1_1 -> server.on("TLS", Act.raw(HELLO_TLS_1_1).then(Act.hang()));
            case WRONG_PASSWORD, EXPIRED, EXPIRED_BUT_TRUSTED, SELF_SIGNED, WRONG_HOST -> server;
        };
    }

    private static Identity identity(Trouble trouble) {
        return switch (trouble) {
            case EXPIRED, EXPIRED_BUT_TRUSTED -> Identity.EXPIRED;
            case SELF_SIGNED -> Identity.SELF_SIGNED;
            case WRONG_HOST -> Identity.WRONG_HOST;
            case WRONG_PASSWORD,
                    TOO_WEAK,
                    NO_LOGIN_OFFERED,
                    LOGIN_454,
                    LOGIN_CUT,
                    STARTTLS_STRIPPED,
                    STARTTLS_INJECTED,
                    TLS_1_1 ->
                    Identity.GOOD;
        };
    }

    /// Servers with STARTTLS that want the login.
    private static final class Servers {
        static ScriptedSmtpServer good() {
            return of(Identity.GOOD);
        }

        static ScriptedSmtpServer of(Identity identity) {
            return ScriptedSmtpServer.startWithStartTls(TestCertificates.server(identity))
                    .requireLogin("outmail", "right");
        }
    }
}
