package dev.outmail.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.outmail.mail.EmailAddress;
import dev.outmail.settings.Connection;
import dev.outmail.settings.Guards;
import dev.outmail.settings.Locks;
import dev.outmail.settings.ProfileSettings;
import dev.outmail.settings.Settings;
import dev.outmail.settings.Timing;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LockedHereTest {
    private static final Connection.SmtpServer SERVER =
            new Connection.SmtpServer(
                    "smtp.example.com", 25, Connection.Security.NONE, null, 10, null);
    private static final EmailAddress TESTER = EmailAddress.parse("tester@example.com");

    private final LockedHere locked =
            new LockedHere(
                    locks(
                            Map.of(
                                    "*.redirectTo", TESTER.toString(),
                                    "default.connection.mode", "silent",
                                    "default.connection.password", "env:SECRET")),
                    locks(Map.of("*.redirectTo", TESTER.toString())),
                    "worker.properties");

    private static Locks locks(Map<String, String> written) {
        return Locks.read(
                written,
                problem -> {
                    throw new AssertionError(problem);
                });
    }

    private static String printed(LockedHere locked, String profile) {
        var out = new StringWriter();
        locked.print(new PrintWriter(out), new ProfileSettings(profile, 1, Settings.INITIAL));
        return out.toString();
    }

    private Settings changed(Settings before, Settings after) {
        return locked.heededBy(_ -> after, "default").apply(before);
    }

    @Test
    void whatIsLockedIsShownWithWhereItIsWritten() {
        assertThat(printed(locked, "default").lines())
                .containsExactly(
                        "Locked here by the environment (OUTMAIL_LOCK_…):",
                        "  redirectTo: tester@example.com",
                        "Locked here by worker.properties:",
                        "  connection.mode: silent",
                        "  connection.password: ***");
        assertThat(printed(locked, "news"))
                .contains("redirectTo")
                .doesNotContain("connection.mode", "worker.properties");
        assertThat(printed(new LockedHere(Locks.NONE, Locks.NONE, ""), "default")).isEmpty();
    }

    @Test
    void settingsThatAreNoneWithTheLocksAreToldToBeSo() {
        var smtp = locks(Map.of("*.connection.mode", "smtp"));

        assertThat(printed(new LockedHere(smtp, Locks.NONE, "a.properties"), "default"))
                .contains(
                        "With that these settings can't be used here: connection.host: is missing");
    }

    @Test
    void whatIsNotLockedIsChanged() {
        var before = Settings.INITIAL.withConnection(SERVER);
        var after = before.withTiming(Timing.INSTANTLY);

        assertThat(changed(before, after)).isEqualTo(after);
    }

    @Test
    void whatIsLockedIsNotChangedInVain() {
        var before = Settings.INITIAL.withConnection(new Connection.Disabled());

        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> changed(before, before.withConnection(SERVER)))
                .withMessage(
                        "connection.mode is locked here by worker.properties and stays silent."
                                + " Nothing is saved: change the lock, or leave the field alone");
    }

    @Test
    void toWhatALockSaysItMayBeChanged() {
        var before = Settings.INITIAL.withConnection(SERVER);
        var after = Settings.INITIAL.withGuards(Guards.NONE.withRedirectTo(TESTER));

        assertThat(changed(before, after)).isEqualTo(after);
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> changed(after, Settings.INITIAL))
                .withMessageStartingWith(
                        "redirectTo is locked here by the environment (OUTMAIL_LOCK_…) and stays"
                                + " tester@example.com");
    }

    @Test
    void settingsThatCanNotBeUsedWithTheLocksAreNotSaved() {
        var smtp = new LockedHere(locks(Map.of("*.connection.mode", "smtp")), Locks.NONE, "f");

        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() ->
                        smtp.heededBy(s -> s.withTiming(Timing.INSTANTLY), "default")
                                .apply(Settings.INITIAL))
                .withMessageContaining("connection.host: is missing");
    }
}
