package dev.outmail.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outmail.mail.EmailAddress;
import dev.outmail.mail.Mailbox;
import dev.outmail.settings.AllowList;
import dev.outmail.settings.Binding;
import dev.outmail.settings.Connection;
import dev.outmail.settings.Connection.Login;
import dev.outmail.settings.Connection.Security;
import dev.outmail.settings.Guards;
import dev.outmail.settings.KeyRing;
import dev.outmail.settings.SecretReference;
import dev.outmail.settings.SecretReference.SecretUnavailable;
import dev.outmail.settings.Secrets;
import dev.outmail.settings.Sender;
import dev.outmail.settings.Settings;
import dev.outmail.settings.Timing;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class SettingsChangeTest {
    private static final String KEY = KeyRing.generate("k1");
    private static final KeyRing RING = KeyRing.read(KEY);
    private static final Login LOGIN = new Login("outmail", SecretReference.parse("env:SMTP"));
    private static final Connection.SmtpServer SERVER =
            new Connection.SmtpServer("smtp.example.com", 2587, Security.STARTTLS, LOGIN, 7, 3.5);

    /// Nothing in it is what a new profile starts with.
    private static final Settings SETTINGS =
            new Settings(
                    SERVER,
                    Timing.INSTANTLY,
                    true,
                    sender("App <app@example.com>", true),
                    Duration.ofHours(3),
                    new Guards(
                            AllowList.of(List.of("example.org")),
                            EmailAddress.parse("tester@example.org")));

    private static Sender sender(String mailbox, boolean force) {
        var parsed = Mailbox.parse(mailbox);
        return new Sender(parsed.address(), parsed.name(), force);
    }

    private static SettingsChange change(String... options) {
        var commandLine =
                new CommandLine(new SettingsChange()).setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.parseArgs(options);
        return commandLine.getCommand();
    }

    private static Settings changed(Settings settings, String... options) {
        return change(options).apply(settings);
    }

    private static Connection.SmtpServer smtp(Settings settings) {
        return (Connection.SmtpServer) settings.connection();
    }

    private static Connection.SmtpServer server(
            String host, int port, Security security, @Nullable Login login) {
        return new Connection.SmtpServer(
                host, port, security, login, SERVER.maxConnections(), SERVER.messagesPerSecond());
    }

    @Test
    void whatIsNamedChangesAndTheRestStays() {
        assertThat(changed(SETTINGS, "--timing", "in-background"))
                .isEqualTo(SETTINGS.withTiming(Timing.IN_BACKGROUND));
        assertThat(changed(SETTINGS, "--users-may-choose", "false"))
                .isEqualTo(SETTINGS.withUsersMayChoose(false));
        assertThat(changed(SETTINGS, "--give-up-after", "P2D"))
                .isEqualTo(SETTINGS.withGiveUpAfter(Duration.ofDays(2)));
        assertThat(changed(SETTINGS, "--from", "new@example.com"))
                .isEqualTo(SETTINGS.withSender(sender("new@example.com", true)));
        assertThat(changed(SETTINGS, "--force-from", "false"))
                .isEqualTo(SETTINGS.withSender(sender("App <app@example.com>", false)));
        assertThat(changed(SETTINGS, "--smtp-host", "mx.example.org"))
                .isEqualTo(
                        SETTINGS.withConnection(
                                server("mx.example.org", 2587, Security.STARTTLS, LOGIN)));
        assertThat(changed(SETTINGS, "--smtp-port", "26"))
                .isEqualTo(
                        SETTINGS.withConnection(
                                server(SERVER.host(), 26, Security.STARTTLS, LOGIN)));
    }

    @Test
    void theIncomingAddressStaysWithAnotherSender() {
        var replies = EmailAddress.parse("replies@example.com");
        var sender = sender("App <app@example.com>", true).withIncomingAddress(replies);
        var settings = changed(SETTINGS, "--incoming-address=replies@example.com");

        assertThat(settings).isEqualTo(SETTINGS.withSender(sender));
        assertThat(changed(settings, "--from=new@example.com").sender())
                .isEqualTo(sender("new@example.com", true).withIncomingAddress(replies));
        assertThat(changed(settings, "--force-from=false").sender())
                .isEqualTo(sender("App <app@example.com>", false).withIncomingAddress(replies));
        assertThat(changed(settings, "--incoming-address=none")).isEqualTo(SETTINGS);
    }

    @Test
    void guardsAreSetAndLiftedEachByItself() {
        var list = AllowList.of(List.of("ada@example.org", "example.com", ".example.com"));
        var tester = SETTINGS.guards().redirectTo();

        assertThat(changed(SETTINGS, "--only-to", "ada@example.org, example.com,.example.com"))
                .isEqualTo(SETTINGS.withGuards(new Guards(list, tester)));
        assertThat(changed(SETTINGS, "--only-to=none"))
                .isEqualTo(SETTINGS.withGuards(new Guards(null, tester)));
        assertThat(changed(SETTINGS, "--redirect-to=new@example.org").guards())
                .isEqualTo(SETTINGS.guards().withRedirectTo(EmailAddress.parse("new@example.org")));
        assertThat(changed(SETTINGS, "--redirect-to", "None").guards())
                .isEqualTo(SETTINGS.guards().withRedirectTo(null));
        change("--only-to=none").check();
    }

    @Test
    void aRateIsSetAndLiftedByNone() {
        var limited = changed(SETTINGS, "--smtp-messages-per-second=2.5");

        assertThat(((Connection.SmtpServer) limited.connection()).messagesPerSecond())
                .isEqualTo(2.5);
        var lifted = changed(limited, "--smtp-messages-per-second=0");
        assertThat(((Connection.SmtpServer) lifted.connection()).messagesPerSecond()).isNull();
    }

    @Test
    void severalAreChangedAtOnce() {
        var changed =
                changed(
                        Settings.INITIAL,
                        "--connection=smtp",
                        "--smtp-host=127.0.0.1",
                        "--smtp-port=2525",
                        "--smtp-security=none",
                        "--smtp-max-connections=3",
                        "--from=A <a@example.com>",
                        "--force-from=true",
                        "--timing=instantly");

        assertThat(changed)
                .isEqualTo(
                        Settings.INITIAL
                                .withConnection(
                                        new Connection.SmtpServer(
                                                "127.0.0.1", 2525, Security.NONE, null, 3, null))
                                .withSender(sender("A <a@example.com>", true))
                                .withTiming(Timing.INSTANTLY));
    }

    @Test
    void anotherConnectionReplacesTheServer() {
        assertThat(changed(SETTINGS, "--connection", "disabled"))
                .isEqualTo(SETTINGS.withConnection(new Connection.Disabled()));
        assertThat(changed(SETTINGS, "--connection", "silent"))
                .isEqualTo(SETTINGS.withConnection(new Connection.Silent()));
        assertThat(changed(SETTINGS, "--connection", "native"))
                .isEqualTo(SETTINGS.withConnection(new Connection.NativeMailer()));
        assertThat(changed(SETTINGS, "--connection", "smtp")).isEqualTo(SETTINGS);
    }

    @ParameterizedTest
    @CsvSource({"none, 25", "starttls, 587", "tls, 465"})
    void thePortFollowsTheSecurityWhereNoneIsNamed(String security, int port) {
        var fresh =
                changed(
                        Settings.INITIAL,
                        "--connection=smtp",
                        "--smtp-host=mx",
                        "--smtp-security=" + security);

        assertThat(smtp(fresh).port()).isEqualTo(port);
    }

    @Test
    void aNewServerIsSpokenToWithStartTls() {
        var fresh = smtp(changed(Settings.INITIAL, "--connection=smtp", "--smtp-host=mx"));

        assertThat(fresh.security()).isEqualTo(Security.STARTTLS);
        assertThat(fresh.port()).isEqualTo(587);
        assertThat(fresh.maxConnections()).isEqualTo(Connection.SmtpServer.DEFAULT_MAX_CONNECTIONS);
    }

    @Test
    void thePortStaysForTheSameSecurityAndFollowsAnother() {
        assertThat(smtp(changed(SETTINGS, "--smtp-security=starttls")).port()).isEqualTo(2587);
        assertThat(smtp(changed(SETTINGS, "--smtp-security=tls")).port()).isEqualTo(465);
        assertThat(smtp(changed(SETTINGS, "--smtp-security=tls", "--smtp-port=9")).port())
                .isEqualTo(9);
    }

    @Test
    void halfALoginIsCompletedByTheOneBefore() {
        assertThat(smtp(changed(SETTINGS, "--smtp-username=other")).login())
                .isEqualTo(new Login("other", SecretReference.parse("env:SMTP")));
        assertThat(smtp(changed(SETTINGS, "--smtp-password=file:/run/secret")).login())
                .isEqualTo(new Login("outmail", SecretReference.parse("file:/run/secret")));
    }

    private static Settings sealed() {
        var open = SERVER.withLogin(null);
        var password = RING.seal("hunter2", Binding.of("outmail.settings", "default", open, "app"));
        return SETTINGS.withConnection(open.withLogin(new Login("app", password)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--smtp-host=evil.example.com",
                "--smtp-port=2588",
                "--smtp-security=tls",
                "--smtp-username=other"
            })
    void aSealedPasswordGoesToNoOtherServer(String option) {
        assertWrongUsage(sealed(), "give it again with --smtp-password-prompt", option);

        assertThat(smtp(changed(sealed(), option, "--smtp-password=env:SMTP")).login()).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--timing=in-background",
                "--smtp-max-connections=9",
                "--smtp-messages-per-second=0",
                "--smtp-host=smtp.example.com",
                "--from=a@example.com"
            })
    void whatASealedPasswordIsNotBoundToIsChangedWithoutIt(String option) {
        var settings = sealed();

        assertThat(smtp(changed(settings, option)).login()).isEqualTo(smtp(settings).login());
    }

    @Test
    void aPasswordThatIsTypedInIsSealedForTheServerThatComesOfIt(@TempDir Path folder)
            throws IOException, SecretUnavailable {
        var config = folder.resolve("deployment");
        Files.writeString(config, "secrets.keys=" + KEY);
        var kafka = new KafkaOptions();
        new CommandLine(kafka).parseArgs("--config", config.toString());
        var change = change("--smtp-password-prompt", "--smtp-host=mx", "--smtp-username=other");
        var typed =
                new PasswordPrompt(
                        () -> true, "hunter2"::toCharArray, InputStream.nullInputStream());

        change.askForPassword(kafka, "default", typed);
        var server = smtp(change.apply(SETTINGS));

        var login = Objects.requireNonNull(server.login());
        assertThat(login.toString()).doesNotContain("hunter2");
        var secrets = new Secrets(Map.of(), RING, "outmail.settings");
        assertThat(secrets.password(server, login).reveal()).isEqualTo("hunter2");
    }

    @Test
    void anEmptyUsernameTakesTheLoginAway() {
        assertThat(smtp(changed(SETTINGS, "--smtp-username=")).login()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--smtp-username=me", "--smtp-password=env:SMTP"})
    void aLoginNeedsBothItsHalves(String half) {
        assertWrongUsage(
                Settings.INITIAL,
                "A login needs both",
                "--connection=smtp",
                "--smtp-host=mx",
                half);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--smtp-host=mx",
                "--smtp-port=25",
                "--smtp-security=tls",
                "--smtp-username=me",
                "--smtp-password=env:SMTP",
                "--smtp-max-connections=3",
                "--smtp-messages-per-second=3"
            })
    void aServersOptionsNeedAServer(String option) {
        assertWrongUsage(Settings.INITIAL, "need --connection smtp", option);
        assertWrongUsage(SETTINGS, "need --connection smtp", "--connection=silent", option);
    }

    @Test
    void aNewServerNeedsAHost() {
        assertWrongUsage(Settings.INITIAL, "needs --smtp-host", "--connection=smtp");
    }

    @Test
    void toForceTheSenderNeedsOne() {
        assertWrongUsage(Settings.INITIAL, "add --from", "--force-from=true");
        assertWrongUsage(
                Settings.INITIAL,
                "--incoming-address needs a sender",
                "--incoming-address=replies@example.com");
    }

    @ParameterizedTest
    @CsvSource({
        "--smtp-port=0, 1 to 65535",
        "--smtp-host=a b, host name",
        "--smtp-max-connections=0, 1 to 1000",
        "--give-up-after=PT1S, between PT1M and P7D",
    })
    void whatNoSettingsMayBeIsWrongUsage(String option, String told) {
        assertWrongUsage(SETTINGS, told, option);
    }

    @Test
    void somethingMustChange() {
        assertThatThrownBy(change()::check)
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.exitCode()).isEqualTo(2))
                .hasMessageContaining("Nothing to change");
    }

    private static void assertWrongUsage(Settings settings, String told, String... options) {
        assertThatThrownBy(() -> changed(settings, options))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.exitCode()).isEqualTo(2))
                .hasMessageContaining(told);
    }
}
