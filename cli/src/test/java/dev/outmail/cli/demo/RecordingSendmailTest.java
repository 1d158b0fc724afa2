package dev.outmail.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingSendmailTest {
    @TempDir Path folder;
    private RecordingSendmail sendmail = new RecordingSendmail(Path.of(""), Path.of(""));

    @BeforeEach
    void writeTheCommand() throws IOException {
        sendmail = RecordingSendmail.in(Files.createDirectory(folder.resolve("it's a folder")));
    }

    /// Calls it as Outmail calls a mailer: with no environment, from the root folder.
    private int call(String message, String... arguments) throws Exception {
        var command = new ArrayList<>(List.of(sendmail.command().toString()));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).directory(new File("/")).inheritIO();
        builder.redirectInput(ProcessBuilder.Redirect.PIPE).environment().clear();
        var process = builder.start();
        try (var in = process.getOutputStream()) {
            in.write(message.getBytes(StandardCharsets.UTF_8));
        }
        return process.waitFor();
    }

    @Test
    void aCallIsRecordedToTheByte() throws Exception {
        var message = "Subject: é\r\n\r\n.\r\n..\n\ttab and $HOME `id` %s \\n\r\n no line end";

        int exitCode = call(message, "-i", "-f", "a b@example.org", "--", "-x@example.org", "");

        assertThat(exitCode).isZero();
        assertThat(sendmail.calls())
                .containsExactly(
                        "-i\n-f\na b@example.org\n--\n-x@example.org\n\n" + "\n" + message);
    }

    @Test
    void everyCallIsKept() throws Exception {
        call("one", "a");
        call("two", "b");

        assertThat(sendmail.calls()).containsExactlyInAnyOrder("a\n\none", "b\n\ntwo");
    }

    @Test
    void noCallIsNoRecord() throws IOException {
        assertThat(sendmail.calls()).isEmpty();
    }

    @Test
    void aCallUnderWayIsNotCountedYet() throws Exception {
        Files.writeString(sendmail.folder().resolve(".call.abc"), "half of i");

        assertThat(sendmail.calls()).isEmpty();
    }

    @Test
    void whatCanNotBeKeptIsRefusedAsTemporary() throws Exception {
        Files.delete(sendmail.folder());

        assertThat(call("mail", "a")).isEqualTo(75);
    }
}
