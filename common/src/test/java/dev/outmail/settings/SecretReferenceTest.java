package dev.outmail.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.outmail.settings.Connection.Login;
import dev.outmail.settings.Connection.Security;
import dev.outmail.settings.Connection.SmtpServer;
import dev.outmail.settings.SecretReference.SecretUnavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretReferenceTest {
    private static final Map<String, String> ENVIRONMENT = Map.of("SMTP_PASSWORD", "hunter2");

    @TempDir private Path folder;

    private static Secret resolve(SecretReference reference, Map<String, String> environment)
            throws SecretUnavailable {
        var login = new Login("outmail", reference);
        var server = new SmtpServer("smtp.example.com", 587, Security.STARTTLS, login, 10, null);
        return Secrets.of(environment).password(server, login);
    }

    @Test
    void anEnvironmentVariableIsReadWhenItIsNeeded() throws SecretUnavailable {
        var reference = SecretReference.parse("env:SMTP_PASSWORD");

        assertThat(resolve(reference, ENVIRONMENT).reveal()).isEqualTo("hunter2");
        assertThat(resolve(reference, Map.of("SMTP_PASSWORD", "changed")).reveal())
                .isEqualTo("changed");
    }

    @Test
    void aFileIsReadWhenItIsNeeded() throws SecretUnavailable, IOException {
        var file = folder.resolve("password");
        var reference = SecretReference.parse("file:" + file);

        Files.writeString(file, "hunter2");
        var first = resolve(reference, Map.of());
        Files.writeString(file, "changed");
        var second = resolve(reference, Map.of());

        assertThat(first.reveal()).isEqualTo("hunter2");
        assertThat(second.reveal()).isEqualTo("changed");
    }

    static Stream<Arguments> contents() {
        return Stream.of(
                Arguments.of("p", "p"),
                Arguments.of("p\n", "p"),
                Arguments.of("p\r\n", "p"),
                Arguments.of("p\n\n", "p\n"),
                Arguments.of(" p \n", " p "),
                Arguments.of("\np", "\np"),
                Arguments.of("pä\n", "pä"));
    }

    @ParameterizedTest
    @MethodSource("contents")
    void oneLineEndAtTheEndOfAFileIsNotPartOfTheSecret(String content, String secret)
            throws SecretUnavailable, IOException {
        var file = folder.resolve("password");
        Files.writeString(file, content);

        var resolved = resolve(SecretReference.parse("file:" + file), Map.of());

        assertThat(resolved.reveal()).isEqualTo(secret);
    }

    @ParameterizedTest
    @ValueSource(strings = {"env:SMTP_PASSWORD", "env:_x1", "file:/run/secrets/smtp", "file:/a b"})
    void aReferenceIsWrittenAsItIsRead(String text) {
        assertThat(SecretReference.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hunter2",
                "env:",
                "env:hunter 2",
                "env:2hunter",
                "env:hünter2",
                "ENV:hunter2",
                " env:hunter2",
                "env:hunter2\n",
                "file:",
                "file:hunter2",
                "file://hunter2\0",
                "file:/hunter2\n",
                "FILE:/hunter2"
            })
    void whatIsNoReferenceIsRefusedAndNotRepeated(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SecretReference.parse(text))
                .withMessageContainingAll("env:NAME", "file:/PATH")
                .withMessageNotContaining("hunter");
    }

    @Test
    void aVariableThatIsNotSetOrEmptyIsNamed() {
        var reference = SecretReference.parse("env:SMTP_PASSWORD");

        for (var environment : List.of(Map.<String, String>of(), Map.of("SMTP_PASSWORD", ""))) {
            assertThatExceptionOfType(SecretUnavailable.class)
                    .isThrownBy(() -> resolve(reference, environment))
                    .withMessage("the environment variable SMTP_PASSWORD is not set here");
        }
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        var file = folder.resolve("nowhere");

        assertUnavailable(file, "can't be read: NoSuchFileException");
    }

    @Test
    void aFileThatIsEmptyHoldsNoSecret() throws IOException {
        var file = folder.resolve("password");
        Files.writeString(file, "\n");

        assertUnavailable(file, "is empty");
    }

    @Test
    void aFileThatIsNoTextHoldsNoSecret() throws IOException {
        var file = folder.resolve("password");
        Files.write(file, new byte[] {(byte) 0xff, 'h', 'u', 'n', 't', 'e', 'r'});

        assertUnavailable(file, "can't be read: MalformedInputException");
    }

    @Test
    void aSecretNeverShowsItself() throws SecretUnavailable {
        var reference = SecretReference.parse("env:SMTP_PASSWORD");
        var secret = resolve(reference, ENVIRONMENT);
        var login = new Connection.Login("outmail", reference);

        assertThat(secret).hasToString("***");
        assertThat(String.valueOf(login)).doesNotContain("hunter2");
    }

    @Test
    void aClearedSecretIsGone() throws SecretUnavailable {
        var secret = resolve(SecretReference.parse("env:SMTP_PASSWORD"), ENVIRONMENT);

        secret.clear();

        assertThat(secret.reveal()).isEqualTo("\0".repeat(7));
    }

    private static void assertUnavailable(Path file, String why) {
        assertThatExceptionOfType(SecretUnavailable.class)
                .isThrownBy(() -> resolve(SecretReference.parse("file:" + file), Map.of()))
                .withMessage("the secret file " + file + " " + why);
    }
}
