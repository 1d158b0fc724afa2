package dev.outmail.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.settings.Connection.Login;
import dev.outmail.settings.Connection.Security;
import dev.outmail.settings.Connection.SmtpServer;
import dev.outmail.settings.SecretReference;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class BreakerSignalCodecTest {
    private static final BreakerSignal.Cause CAUSE =
            new BreakerSignal.Cause(
                    TransportResult.Kind.CREDENTIALS, Reason.LOGIN_FAILED, "535 who is \"that\"");

    static Stream<BreakerSignal> signals() {
        return Stream.of(
                new BreakerSignal.Trouble("w#1", "w#1/1", null, CAUSE, "abc"),
                new BreakerSignal.Trouble("w#1", "w#1/1", "w#1/0", CAUSE, ""),
                new BreakerSignal.Open(
                        "w#1",
                        "w#1/2",
                        CAUSE,
                        3,
                        Instant.parse("2026-01-15T12:00:00.123Z"),
                        Duration.ofMillis(5_432),
                        "abc"),
                new BreakerSignal.Probing("w#1", "w#1/3", "abc"),
                new BreakerSignal.Abandoned("w#1", "w#1/4", "w#1/3"),
                new BreakerSignal.Closed("w#1", "w#1/5", null),
                new BreakerSignal.Closed("w#1", "w#1/5", "w#1/3"));
    }

    @ParameterizedTest
    @MethodSource("signals")
    void whatIsWrittenIsRead(BreakerSignal signal) {
        assertThat(BreakerSignalCodec.decode(BreakerSignalCodec.encode(signal))).contains(signal);
    }

    @Test
    void anOpenBreakerReadsLikeThis() {
        var open =
                new BreakerSignal.Open(
                        "w#1",
                        "w#1/2",
                        CAUSE,
                        3,
                        Instant.parse("2026-01-15T12:00:00Z"),
                        Duration.ofSeconds(20),
                        "abc");

        assertThat(new String(BreakerSignalCodec.encode(open), UTF_8))
                .isEqualTo(
                        """
                        {"signal":"open","kind":"CREDENTIALS","reason":"LOGIN_FAILED",\
                        "detail":"535 who is \\"that\\"","times":3,"since":"2026-01-15T12:00:00Z",\
                        "wait":"PT20S","settings":"abc","from":"w#1","id":"w#1/2"}\
                        """);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no JSON",
                "[]",
                "{}",
                "{\"signal\":\"closed\"}",
                "{\"signal\":\"tomorrow\",\"from\":\"w\",\"id\":\"1\"}",
                "{\"signal\":\"trouble\",\"from\":\"w\",\"id\":\"1\",\"kind\":\"NO\"}",
                "{\"signal\":\"open\",\"from\":\"w\",\"id\":\"1\",\"kind\":\"SERVER\","
                        + "\"reason\":\"UNREACHABLE\",\"detail\":\"\",\"times\":1,"
                        + "\"since\":\"yesterday\",\"wait\":\"PT1S\",\"settings\":\"\"}",
            })
    void whatIsNoSignalIsNone(String value) {
        assertThat(BreakerSignalCodec.decode(value.getBytes(UTF_8))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"1, PT2H1S", "1, PT-1S", "1, P3650D", "0, PT1S", "-1, PT1S"})
    void whoeverWritesThereCanNotShutAServerForGood(int times, Duration pause) {
        var open =
                new BreakerSignal.Open(
                        "w#1", "w#1/2", CAUSE, times, Instant.EPOCH, pause, "settings");

        assertThat(BreakerSignalCodec.decode(BreakerSignalCodec.encode(open))).isEmpty();
    }

    @Test
    void aKeyTellsServersAndLoginsApartAndNoSecret() {
        var open = server(null);
        var ada = server(new Login("ada", SecretReference.parse("env:SMTP_PASSWORD")));
        var bob = server(new Login("bob", SecretReference.parse("env:SMTP_PASSWORD")));
        var moved = server(new Login("ada", SecretReference.parse("env:OTHER_PASSWORD")));

        assertThat(ServerKey.of(open)).isEqualTo("smtp.example.com:587/starttls/-");
        assertThat(Stream.of(open, ada, bob, moved).map(ServerKey::of).distinct()).hasSize(4);
        assertThat(ServerKey.of(ada))
                .startsWith("smtp.example.com:587/starttls/")
                .doesNotContain("ada", "PASSWORD");
    }

    /// It is no use to another, whose trouble with it must not be the first's.
    @Test
    void aSealedPasswordIsEachProfilesOwn() {
        var text = "om1.k1.AAAAAAAAAAAAAAAA." + "A".repeat(107);
        var one = server(new Login("ada", SecretReference.parse("one", text)));
        var other = server(new Login("ada", SecretReference.parse("other", text)));

        assertThat(ServerKey.of(one)).isNotEqualTo(ServerKey.of(other));
    }

    private static SmtpServer server(@Nullable Login login) {
        return new SmtpServer("smtp.example.com", 587, Security.STARTTLS, login, 10, null);
    }
}
