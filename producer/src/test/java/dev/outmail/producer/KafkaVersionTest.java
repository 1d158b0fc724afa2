package dev.outmail.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaVersionTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "4.1.2",
                "4.1.10",
                "4.2.0",
                "4.3.1",
                "5.0.0",
                "4.1.2.redhat-00001",
                "4.3.0-SNAPSHOT",
                "8.2.0-ccs",
                "8.3.1-ce"
            })
    void aFixedVersionMayBeUsed(String version) {
        assertThatCode(() -> KafkaVersion.requireSafe(version)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2.8.2",
                "3.9.1",
                "3.9.2",
                "4.0.0",
                "4.0.2",
                "4.1.0",
                "4.1.1",
                "4.1.2-rc1",
                "4.2.0-SNAPSHOT",
                "4.1.1.redhat-00001",
                // Confluent's names for 4.0, 4.1 and 3.9
                "8.0.0-ccs",
                "8.1.4-ccs",
                "7.9.0-ce",
                "unknown",
                "4",
                "4.2",
                "",
                "4.99999999999.0",
                "v4.2.0"
            })
    void anyOtherIsRefused(String version) {
        var refused =
                catchThrowableOfType(
                        UnsafeKafkaClients.class, () -> KafkaVersion.requireSafe(version));

        assertThat(refused.found()).isEqualTo(version);
        assertThat(refused)
                .hasMessageContaining("kafka-clients " + version + " is on the class path")
                .hasMessageContaining("needs 4.1.2 or later")
                .hasMessageContaining("CVE-2026-35554");
    }

    @Test
    void theVersionThatWeRunWithIsSafe() {
        assertThatCode(KafkaVersion::requireSafe).doesNotThrowAnyException();
    }
}
