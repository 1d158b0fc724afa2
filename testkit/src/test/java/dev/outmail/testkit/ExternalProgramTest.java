package dev.outmail.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ExternalProgramTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Path SHELL = ExternalProgram.find("sh").orElseThrow();

    @Test
    void outputAndExitCodeAreKept() {
        try (var program =
                ExternalProgram.start(
                        List.of(SHELL.toString(), "-c", "echo $WORD; echo trouble >&2; exit 3"),
                        Map.of("WORD", "hello"))) {
            assertThat(program.awaitExit(SOON)).isEqualTo(3);

            program.awaitOutput("trouble", SOON);
            assertThat(program.output()).contains("hello\n", "trouble\n");
        }
    }

    @Test
    void outputThatCanNoLongerComeIsNotWaitedFor() {
        try (var program = ExternalProgram.start(SHELL, "-c", "echo goodbye")) {
            program.awaitOutput("goodbye", SOON);

            assertThatThrownBy(() -> program.awaitOutput("hello", Duration.ofHours(1)))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContainingAll("says 'hello'", "goodbye");
        }
    }

    @Test
    void whatTheProgramStartedEndsWithIt() {
        var program = ExternalProgram.start(SHELL, "-c", "sleep 600 & echo child $!; wait");
        program.awaitOutput("child", SOON);
        long child = Long.parseLong(program.output().replaceAll("\\D+", ""));

        program.close();

        assertThat(program.isRunning()).isFalse();
        Await.until(
                SOON,
                () -> ProcessHandle.of(child).filter(ProcessHandle::isAlive).isEmpty(),
                "process " + child + " is gone");
    }

    @Test
    void aFrozenProgramGoesOnWhenThawed() {
        try (var program = ExternalProgram.start(SHELL, "-c", "read word; echo $word")) {
            program.freeze();
            Await.until(SOON, () -> state(program).startsWith("T"), "the program is stopped");

            program.thaw();
            Await.until(SOON, () -> state(program).startsWith("S"), "the program waits for input");
        }
    }

    private static String state(ExternalProgram program) {
        Path ps = ExternalProgram.assumeInstalled("ps", "procps");
        try (var asked = ExternalProgram.start(ps, "-o", "stat=", "-p", "" + program.pid())) {
            return asked.awaitOutput(Pattern.compile("\\S+"), SOON).group();
        }
    }

    @Test
    void aMissingProgramSkipsTheTestAndNamesItsPackage() {
        assertThatThrownBy(() -> ExternalProgram.assumeInstalled("no-such-program", "postfix"))
                .satisfies(e ->
                        assertThat(e.getClass().getSimpleName()).isEqualTo("TestAbortedException"))
                .hasMessage("no-such-program is not installed: apt-get install postfix");
    }
}
