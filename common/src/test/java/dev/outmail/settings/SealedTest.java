package dev.outmail.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.outmail.settings.Connection.Login;
import dev.outmail.settings.Connection.Security;
import dev.outmail.settings.Connection.SmtpServer;
import dev.outmail.settings.SecretReference.SecretUnavailable;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Sealed passwords as part of settings.
class SealedTest {
    private static final String TOPIC = "outmail.settings";
    private static final KeyRing RING = KeyRing.read(KeyRing.generate("k1"));
    private static final Secrets SECRETS = new Secrets(Map.of(), RING, TOPIC);
    private static final SmtpServer OPEN =
            new SmtpServer("mx.test", 587, Security.STARTTLS, null, 10, null);

    private static SmtpServer server(String profile) {
        var sealed = RING.seal("hunter2", Binding.of(TOPIC, profile, OPEN, "app"));
        return OPEN.withLogin(new Login("app", sealed));
    }

    private static Login login(SmtpServer server) {
        return Objects.requireNonNull(server.login());
    }

    private static ProfileSettings settings(String profile, Connection connection) {
        return new ProfileSettings(profile, 1, Settings.INITIAL.withConnection(connection));
    }

    private static ProfileSettings read(String profile, ProfileSettings written) {
        var decoded = SettingsCodec.decode(profile, SettingsCodec.encode(written));
        return ((SettingsCodec.Decoded.Ok) decoded).settings();
    }

    private static String password(ProfileSettings settings) throws SecretUnavailable {
        var server = (SmtpServer) settings.settings().connection();
        return SECRETS.password(server, login(server)).reveal();
    }

    @Test
    void theyAreReadFromSettingsAsTheyWereWritten() throws SecretUnavailable {
        var written = settings("default", server("default"));

        var read = read("default", written);

        assertThat(read).isEqualTo(written);
        assertThat(password(read)).isEqualTo("hunter2");
    }

    @Test
    void copiedToAnotherProfileTheyAreAnotherLoginAndDoNotOpen() {
        var written = settings("default", server("default"));

        var copied = read("other", written);

        assertThat(copied.settings().connection()).isNotEqualTo(written.settings().connection());
        assertThatExceptionOfType(SecretUnavailable.class).isThrownBy(() -> password(copied));
    }

    @Test
    void peopleAreShownTheKeyOnly() {
        var settings = settings("default", server("default"));

        assertThat(SettingsCodec.toPrettyJson(settings))
                .contains("\"sealed (key k1)\"")
                .doesNotContain("om1.");
        assertThat(SettingsDiff.between(Settings.INITIAL, settings.settings()))
                .contains(new FieldChange("connection.password", null, "changed"))
                .noneMatch(change -> change.toString().contains("om1."));
    }

    @Test
    void itIsKnownBeforehandWhichDoNotOpen() {
        var snapshot =
                SettingsSnapshot.EMPTY
                        .with(settings("good", server("good")))
                        .with(settings("moved", server("good")))
                        .with(settings("silent", new Connection.Silent()))
                        .with(
                                settings(
                                        "by-reference",
                                        OPEN.withLogin(
                                                new Login(
                                                        "app",
                                                        SecretReference.parse("env:NOWHERE")))));

        // as read: a sealed password is of the profile whose record it is in
        var read = SettingsSnapshot.EMPTY;
        for (var profile : snapshot.profiles().values()) {
            read = read.with(read(profile.profile(), profile));
        }

        assertThat(SECRETS.unopened(read)).containsOnlyKeys("moved");
        assertThat(Secrets.of(Map.of()).unopened(read)).containsOnlyKeys("good", "moved");
    }

    @Test
    void sealedAnewItIsAnotherTextForTheSamePassword() throws SecretUnavailable {
        var server = server("default");
        var before = (Sealed) login(server).password();

        var after = SECRETS.sealAnew("default", server, login(server));

        assertThat(after).isNotEqualTo(before);
        assertThat(SECRETS.password(server, new Login("app", after)).reveal()).isEqualTo("hunter2");
    }

    @Test
    void keptForAnotherServerItIsBroken() {
        var server = server("default");
        var login = login(server);

        assertThat(Binding.isBroken(server, server)).isFalse();
        assertThat(
                        Binding.isBroken(
                                server,
                                new SmtpServer("mx.test", 587, Security.STARTTLS, login, 1, 2.0)))
                .isFalse();
        assertThat(Binding.isBroken(server, with("evil.test", 587, Security.STARTTLS, login)))
                .isTrue();
        assertThat(Binding.isBroken(server, with("mx.test", 25, Security.STARTTLS, login)))
                .isTrue();
        assertThat(Binding.isBroken(server, with("mx.test", 587, Security.NONE, login))).isTrue();
        assertThat(Binding.isBroken(server, server.withLogin(new Login("x", login.password()))))
                .isTrue();
        assertThat(Binding.isBroken(server, server.withLogin(null))).isFalse();
        assertThat(Binding.isBroken(server, server("default"))).isFalse();
        assertThat(Binding.isBroken(OPEN, server)).isFalse();
    }

    private static SmtpServer with(String host, int port, Security security, Login login) {
        return new SmtpServer(host, port, security, login, 10, null);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "om1.",
                "om1.k1",
                "om1.k1.AAAAAAAAAAAAAAAA",
                "om1.k1.AAAAAAAAAAAAAAAA.AAAA",
                "om1.k1.AAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAA",
                "om1.k1.AAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAA.",
                "om1..AAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAA",
                "om1.a b.AAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAA",
                "om1.k1.AAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAAAA=",
                "om1.k1.AAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAAAA==",
                // bits beyond the last byte
                "om1.k1.AAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAAAB",
                "om1.k1.AAAAAAAAAAAAAAAA.hunter2+AAAAAAAAAAAAAAAAA"
            })
    void whatIsNoSealedPasswordIsRefusedAndNotRepeated(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SecretReference.parse("default", text))
                .withMessage("a sealed password is written om1.KEY.IV.CIPHERTEXT");
    }

    /// On a command line it would be known to the shell's history, and sealed for nothing there.
    @Test
    void whereAReferenceIsAskedForTheyAreNone() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SecretReference.parse("om1.k1.AAAAAAAAAAAAAAAA.AAAA"))
                .withMessageContaining("env:NAME");
    }
}
