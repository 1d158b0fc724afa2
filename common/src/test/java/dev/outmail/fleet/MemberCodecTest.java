package dev.outmail.fleet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MemberCodecTest {
    private static final Member WORKER =
            new Member(
                    "w1",
                    Member.Kind.WORKER,
                    "1.0",
                    "host",
                    Instant.parse("2026-01-15T12:00:00Z"),
                    Duration.ofSeconds(10),
                    List.of(0, 7),
                    12,
                    Map.of("default", 18L, "other", 2L),
                    List.of("broken"),
                    Map.of("*/redirectTo", "tester@example.com"),
                    Map.of("smtp.example.com:587/starttls/-", "login-failed"));

    private static byte[] key() {
        return "w1".getBytes(UTF_8);
    }

    @Test
    void isReadAsItWasWritten() {
        assertThat(MemberCodec.decode(key(), MemberCodec.encode(WORKER))).contains(WORKER);
    }

    @Test
    void hasThePublishedShape() {
        assertThat(new String(MemberCodec.encode(WORKER), UTF_8))
                .isEqualTo(
                        """
                        {"kind":"worker","version":"1.0","host":"host","since":"2026-01-15T12:00:00Z",\
                        "silence":"PT10S","partitions":[0,7],"inFlight":12,"applied":{"default":18,"other":2},\
                        "refused":["broken"],"locks":{"*/redirectTo":"tester@example.com"},\
                        "troubled":{"smtp.example.com:587/starttls/-":"login-failed"}}\
                        """);
    }

    @Test
    void whatAnotherVersionSaysBesidesIsPassedOver() {
        var json =
                """
                {"kind":"application","version":"2","host":"h","since":"2026-01-15T12:00:00Z","silence":"PT3S",
                "later":{"more":[1]},"applied":{"default":4}}\
                """;

        assertThat(MemberCodec.decode(key(), json.getBytes(UTF_8)))
                .hasValueSatisfying(member -> {
                    assertThat(member.kind()).isEqualTo(Member.Kind.APPLICATION);
                    assertThat(member.partitions()).isEmpty();
                    assertThat(member.hasApplied("default", 4)).isTrue();
                    assertThat(member.hasApplied("default", 5)).isFalse();
                    assertThat(member.hasApplied("other", 1)).isFalse();
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "[]",
                "{}",
                "{\"kind\":\"gardener\",\"since\":\"2026-01-15T12:00:00Z\",\"silence\":\"PT1S\"}",
                "{\"kind\":\"worker\",\"since\":\"yesterday\",\"silence\":\"PT1S\"}",
                "{\"kind\":\"worker\",\"since\":\"2026-01-15T12:00:00Z\",\"silence\":7}"
            })
    void whatDescribesNobodyIsNobody(String value) {
        assertThat(MemberCodec.decode(key(), value.getBytes(UTF_8))).isEmpty();
    }
}
