package dev.outmail.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.settings.Binding;
import dev.outmail.settings.Connection;
import dev.outmail.settings.Connection.Login;
import dev.outmail.settings.KeyRing;
import dev.outmail.settings.ProfileSettings;
import dev.outmail.settings.Secrets;
import dev.outmail.settings.Settings;
import dev.outmail.settings.SettingsSnapshot;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SealedPasswordsTest {
    private static final String TOPIC = "outmail.settings";
    private static final KeyRing RING = KeyRing.read(KeyRing.generate("k1"));

    private static SettingsSnapshot settings(Connection connection) {
        var settings = Settings.INITIAL.withConnection(connection);
        return new SettingsSnapshot(Map.of("default", new ProfileSettings("default", 1, settings)));
    }

    private static SettingsSnapshot sealed() {
        var open = Site.smtp(25);
        var password = RING.seal("hunter2", Binding.of(TOPIC, "default", open, "app"));
        return settings(open.withLogin(new Login("app", password)));
    }

    @Test
    void aKeyThatIsMissingIsKnownAtOnceAndUntilItIsNotNeeded() {
        var passwords = new SealedPasswords(new Secrets(Map.of(), KeyRing.EMPTY, TOPIC));
        assertThat(passwords.trouble()).isEmpty();

        passwords.settingsChanged(sealed());

        assertThat(passwords.trouble())
                .hasValueSatisfying(trouble ->
                        assertThat(trouble).contains("'default' waits", "'k1'", "has here none"));
        passwords.settingsChanged(settings(new Connection.Silent()));
        assertThat(passwords.trouble()).isEmpty();
    }

    @Test
    void whatOpensIsNoTrouble() {
        var passwords = new SealedPasswords(new Secrets(Map.of(), RING, TOPIC));

        passwords.settingsChanged(sealed());

        assertThat(passwords.trouble()).isEmpty();
    }
}
