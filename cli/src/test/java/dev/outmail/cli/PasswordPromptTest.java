package dev.outmail.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordPromptTest {

    private static PasswordPrompt piped(String input) {
        var in = new ByteArrayInputStream(input.getBytes(Charset.defaultCharset()));
        return new PasswordPrompt(
                () -> false,
                () -> {
                    throw new AssertionError("nobody is there");
                },
                in);
    }

    static Stream<Arguments> inputs() {
        return Stream.of(
                Arguments.of("p\n", "p"),
                Arguments.of("p", "p"),
                Arguments.of("p\r\nq\n", "p"),
                Arguments.of(" p \n", " p "));
    }

    @ParameterizedTest
    @MethodSource("inputs")
    void whereThereIsNoTerminalTheFirstLineIsThePassword(String input, String password)
            throws IOException {
        assertThat(piped(input).password()).isEqualTo(password);
    }

    @Test
    void atATerminalItIsTyped() throws IOException {
        var prompt =
                new PasswordPrompt(
                        () -> true, "hunter2"::toCharArray, InputStream.nullInputStream());

        assertThat(prompt.password()).isEqualTo("hunter2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "\nhunter2\n"})
    void nothingIsNoPassword(String input) {
        assertThatThrownBy(() -> piped(input).password())
                .isInstanceOfSatisfying(
                        Failure.class,
                        failure -> assertThat(failure.exitCode()).isEqualTo(Main.WRONG_USAGE))
                .hasMessageContaining("No password was given");
    }

    @Test
    void whoEndsTheInputGivesNone() {
        var prompt = new PasswordPrompt(() -> true, () -> null, InputStream.nullInputStream());

        assertThatThrownBy(prompt::password).isInstanceOf(Failure.class);
    }
}
