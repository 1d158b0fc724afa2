package dev.outmail.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfirmationTest {
    private final StringWriter err = new StringWriter();

    private Confirmation answered(String answer) {
        var in = new ByteArrayInputStream(answer.getBytes(StandardCharsets.UTF_8));
        return new Confirmation(() -> true, in, new PrintWriter(err));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"y|true", "YES|true", "' y '|true", "n|false", "''|false", "maybe|false"})
    void onlyYesIsYes(String answer, boolean given) throws IOException {
        assertThat(answered(answer + "\n").given("Replay 2 dead letters")).isEqualTo(given);
        assertThat(err.toString()).isEqualTo("Replay 2 dead letters? [y/N] ");
    }

    @Test
    void noAnswerIsNo() throws IOException {
        assertThat(answered("").given("Replay 2 dead letters")).isFalse();
    }

    @Test
    void whereNobodyCanAnswerNobodyIsAsked() {
        var confirmation =
                new Confirmation(
                        () -> false, new ByteArrayInputStream(new byte[0]), new PrintWriter(err));

        assertThatThrownBy(() -> confirmation.given("Replay 2 dead letters"))
                .isInstanceOfSatisfying(
                        Failure.class,
                        failure -> assertThat(failure.exitCode()).isEqualTo(Main.WRONG_USAGE))
                .hasMessageContaining("--yes");
        assertThat(err.toString()).isEmpty();
    }
}
