package dev.outmail.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.mail.EmailAddress;
import dev.outmail.mail.Problem;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsDraftTest {
    private static final Settings WHOLE =
            Settings.INITIAL
                    .withConnection(
                            new Connection.SmtpServer(
                                    "smtp.example.com",
                                    587,
                                    Connection.Security.STARTTLS,
                                    new Connection.Login("user", SecretReference.parse("env:X")),
                                    5,
                                    2.5))
                    .withTiming(Timing.INSTANTLY)
                    .withUsersMayChoose(true)
                    .withSender(
                            new Sender(
                                    EmailAddress.parse("a@example.com"),
                                    "A",
                                    true,
                                    EmailAddress.parse("b@example.com")))
                    .withGiveUpAfter(Duration.ofHours(7))
                    .withGuards(
                            new Guards(
                                    AllowList.of(List.of("example.org", "ada@example.com")),
                                    EmailAddress.parse("tester@example.com")));

    private static SettingsCodec.Decoded read(Map<String, String> fields) {
        return SettingsDraft.read("default", 7, fields);
    }

    @Test
    void whatFieldsSayIsReadBackAsItWas() {
        assertThat(SettingsDraft.names()).containsAll(SettingsDraft.fields(WHOLE).keySet());
        assertThat(read(SettingsDraft.fields(WHOLE)))
                .isEqualTo(new SettingsCodec.Decoded.Ok(new ProfileSettings("default", 7, WHOLE)));
        assertThat(read(SettingsDraft.fields(Settings.INITIAL)))
                .isEqualTo(
                        new SettingsCodec.Decoded.Ok(
                                new ProfileSettings("default", 7, Settings.INITIAL)));
    }

    @Test
    void aServersFieldsDoNotCountWithoutOne() {
        var fields = new HashMap<>(SettingsDraft.fields(WHOLE));
        fields.put("connection.mode", "silent");
        fields.put("connection.port", "no number");

        assertThat(read(fields))
                .isEqualTo(
                        new SettingsCodec.Decoded.Ok(
                                new ProfileSettings(
                                        "default",
                                        7,
                                        WHOLE.withConnection(new Connection.Silent()))));
    }

    @Test
    void whatIsWrongIsSaidByField() {
        var fields = new HashMap<>(SettingsDraft.fields(WHOLE));
        fields.put("connection.port", "many");
        fields.put("redirectTo", "nobody");

        assertThat(read(fields))
                .isInstanceOfSatisfying(
                        SettingsCodec.Decoded.Malformed.class,
                        malformed ->
                                assertThat(malformed.problems())
                                        .extracting(Problem::field)
                                        .containsExactlyInAnyOrder(
                                                "connection.port", "redirectTo"));
    }
}
