package dev.outmail.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class MomentTest {
    private static final Instant NOW = Instant.parse("2026-01-15T12:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "2026-01-15T10:00:00Z, 2026-01-15T10:00:00Z",
        "2026-01-15T10:00:00+02:00, 2026-01-15T08:00:00Z",
        "90s, 2026-01-15T11:58:30Z",
        "30m, 2026-01-15T11:30:00Z",
        "2h, 2026-01-15T10:00:00Z",
        "3d, 2026-01-12T12:00:00Z",
        "PT90M, 2026-01-15T10:30:00Z"
    })
    void aTimeIsAnInstantOrHowLongAgo(String written, Instant expected) {
        assertThat(Moment.parse(written, NOW)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "2", "h", "2w", "-2h", "2h30", "P", "2026-01-15", "1234567d"})
    void whatIsNoTimeIsRefused(String written) {
        assertThatThrownBy(() -> Moment.parse(written, NOW))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("'" + written + "' is no time");
    }

    @ParameterizedTest
    @CsvSource({"PT-1S, 0s", "PT59S, 59s", "PT119S, 1m", "PT2H59M, 2h", "P3D, 3d"})
    void anAgeIsToldInItsLargestUnit(Duration age, String told) {
        assertThat(Moment.age(age)).isEqualTo(told);
    }
}
