package dev.outmail.systemtest;

import dev.outmail.cli.Main;
import dev.outmail.testkit.ExternalProgram;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The `outmail` command as the launcher of the release runs it, but for how much the JVM compiles,
/// and how much memory it takes.
public final class OutmailCommand {
    /// Long for a command that answers and ends, short for one that hangs.
    private static final Duration TIME_TO_ANSWER = Duration.ofSeconds(60);

    static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java").toString();

    private static final String KAFKA = "OUTMAIL_KAFKA_BOOTSTRAP_SERVERS";

    private OutmailCommand() {}

    /// What a command did that has ended.
    ///
    /// @param output standard output and standard error
    public record Ran(int exitCode, String output) {}

    static ExternalProgram start(Map<String, String> environment, String... arguments) {
        return start(List.of(), environment, arguments);
    }

    /// Starts a command in a JVM with more options.
    public static ExternalProgram start(
            List<String> jvmOptions, Map<String, String> environment, String... arguments) {
        var command = new ArrayList<>(java());
        command.addAll(1, jvmOptions);
        command.addAll(List.of(arguments));
        return ExternalProgram.start(command, environment);
    }

    /// Runs a command to its end.
    public static Ran run(Map<String, String> environment, String... arguments) {
        return awaitEnd(start(environment, arguments));
    }

    /// Runs a command to its end in this JVM, which takes a tenth of the time.
    public static Ran runHere(String kafka, String... arguments) {
        var words = new ArrayList<>(List.of(arguments));
        words.addAll(List.of("--bootstrap-servers", kafka));
        var output = new StringWriter();
        var writer = new PrintWriter(output, true);
        int exitCode =
                Main.commandLine()
                        .setOut(writer)
                        .setErr(writer)
                        .execute(words.toArray(String[]::new));
        return new Ran(exitCode, output.toString());
    }

    /// The environment of a shell whose commands speak to this Kafka.
    static Map<String, String> speakingTo(String kafka) {
        return Map.of(KAFKA, kafka);
    }

    /// Runs a shell script in a folder, ending with the first command that fails.
    static Ran runShell(Path folder, String script, Map<String, String> environment) {
        return awaitEnd(startShell(folder, script, environment));
    }

    static ExternalProgram startShell(Path folder, String script, Map<String, String> environment) {
        var inFolder = "cd \"$1\"\n" + script;
        return ExternalProgram.start(
                List.of("sh", "-e", "-c", inFolder, "sh", folder.toString()), environment);
    }

    /// Writes `./outmail` into a folder, for commands as the README shows them.
    static void install(Path folder) {
        var script = new StringBuilder("#!/bin/sh\nexec");
        java().forEach(word -> script.append(" '").append(word.replace("'", "'\\''")).append('\''));
        script.append(" \"$@\"\n");
        writeProgram(folder.resolve("outmail"), script.toString());
    }

    static void writeProgram(Path file, String script) {
        try {
            Files.writeString(file, script);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Ran awaitEnd(ExternalProgram program) {
        try (program) {
            return new Ran(program.awaitExit(TIME_TO_ANSWER), program.output());
        }
    }

    private static List<String> java() {
        return List.of(
                JAVA,
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:AOTCache=" + Release.lib().resolve("outmail.aot"),
                "-Xlog:aot*=off",
                "-Xlog:cds*=off",
                "-Xmx512m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                Release.classPath(),
                "dev.outmail.cli.Main");
    }
}
