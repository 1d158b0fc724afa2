package dev.outmail.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.mail.EmailAddress;
import dev.outmail.settings.Connection.Login;
import dev.outmail.settings.Connection.Security;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SettingsDiffTest {
    private static final Settings INITIAL = Settings.INITIAL;

    @Test
    void whatIsTheSameHasNoDifference() {
        assertThat(SettingsDiff.between(INITIAL, INITIAL)).isEmpty();
    }

    @Test
    void eachFieldThatDiffersIsNamedAsOnTheTopic() {
        var sender = new Sender(EmailAddress.parse("app@example.com"), "App", true);
        var after = INITIAL.withTiming(Timing.INSTANTLY).withSender(sender);

        assertThat(SettingsDiff.between(INITIAL, after))
                .containsExactly(
                        new FieldChange("sender.address", null, "app@example.com"),
                        new FieldChange("sender.force", null, "true"),
                        new FieldChange("sender.name", null, "App"),
                        new FieldChange("timing", "in-background", "instantly"));
    }

    @Test
    void aListIsOneField() {
        var before = INITIAL.withGuards(guards("example.org"));
        var after = INITIAL.withGuards(guards("example.org", "example.com"));

        assertThat(SettingsDiff.between(before, after))
                .containsExactly(
                        new FieldChange(
                                "onlyTo",
                                "[\"example.org\"]",
                                "[\"example.org\",\"example.com\"]"));
        assertThat(SettingsDiff.between(before, INITIAL))
                .containsExactly(new FieldChange("onlyTo", "[\"example.org\"]", null));
    }

    private static Guards guards(String... onlyTo) {
        return Guards.NONE.withOnlyTo(AllowList.of(List.of(onlyTo)));
    }

    @Test
    void whatIsNewIsAllDifference() {
        assertThat(SettingsDiff.between(null, INITIAL))
                .contains(new FieldChange("connection.mode", null, "silent"))
                .extracting(FieldChange::before)
                .containsOnlyNulls();
    }

    @Test
    void ofASecretIsSaidThatItChangedAndNoMore() {
        var before = INITIAL.withConnection(server("env:OLD"));
        var after = INITIAL.withConnection(server("env:NEW"));
        var none = INITIAL.withConnection(server(null));

        assertThat(SettingsDiff.between(before, after))
                .containsExactly(new FieldChange("connection.password", "changed", "changed"));
        assertThat(SettingsDiff.between(none, after))
                .contains(new FieldChange("connection.password", null, "changed"));
        assertThat(SettingsDiff.between(before, before)).isEmpty();
    }

    private static Connection server(@Nullable String secret) {
        var login = secret == null ? null : new Login("ada", SecretReference.parse(secret));
        return new Connection.SmtpServer(
                "smtp.example.com", 587, Security.STARTTLS, login, 10, null);
    }
}
