package dev.outmail.systemtest;

import dev.outmail.systemtest.OutmailCommand.Ran;
import dev.outmail.testkit.Await;
import dev.outmail.testkit.ExternalProgram;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// An `outmail up` on free ports, and the commands that speak to its Kafka.
record UpProcess(ExternalProgram program, String kafka) implements AutoCloseable {
    private static final Duration TIME_TO_START = Duration.ofSeconds(60);
    private static final Duration TIME_TO_DELIVER = Duration.ofSeconds(30);
    private static final Pattern KAFKA = Pattern.compile("Outmail is up\\.\\s+Kafka +(\\S+)");

    static UpProcess start(Path data, String... options) {
        var arguments =
                Stream.concat(
                        Stream.of(
                                "up",
                                "--data",
                                data.toString(),
                                "--kafka-port",
                                "0",
                                "--worker-port",
                                "0",
                                "--console-port",
                                "0"),
                        Stream.of(options));
        return of(OutmailCommand.start(Map.of(), arguments.toArray(String[]::new)));
    }

    /// Waits until it is up.
    static UpProcess of(ExternalProgram program) {
        try {
            return new UpProcess(program, program.awaitOutput(KAFKA, TIME_TO_START).group(1));
        } catch (AssertionError e) {
            program.close();
            throw e;
        }
    }

    Map<String, String> environment() {
        return OutmailCommand.speakingTo(kafka);
    }

    /// Runs a command to its end in this JVM, which takes a tenth of the time. What is particular
    /// to a process (launcher, standard input, bytes on standard output) has tests with one.
    Ran run(String... arguments) {
        return OutmailCommand.runHere(kafka, arguments);
    }

    /// Runs a command to its end in a process of its own.
    Ran runProcess(String... arguments) {
        return OutmailCommand.run(environment(), arguments);
    }

    ExternalProgram start(String... arguments) {
        return OutmailCommand.start(environment(), arguments);
    }

    /// Saves settings of a profile, which the worker applies before this returns.
    void saveSettings(String profile, String... options) {
        var arguments =
                Stream.concat(
                        Stream.of("settings", "set", "--profile", profile), Stream.of(options));
        var saved = run(arguments.toArray(String[]::new));
        if (saved.exitCode() != 0) {
            throw new AssertionError("the settings were not saved: " + saved);
        }
        var revision = Pattern.compile("revision (\\d+)").matcher(saved.output());
        if (!revision.find()) {
            throw new AssertionError("no revision is told: " + saved);
        }
        program.awaitOutput(
                "Settings read profile=\"%s\" revision=\"%s\""
                        .formatted(profile, revision.group(1)),
                TIME_TO_DELIVER);
    }

    /// Waits until the log has an event with this outcome.
    void awaitOutcome(String outcome, String event) {
        var line =
                Pattern.compile(
                        " %s +(\\S*#)?%s ".formatted(Pattern.quote(outcome), Pattern.quote(event)));
        Await.until(
                TIME_TO_DELIVER,
                () -> line.matcher(log(event)).find(),
                () -> event + " is " + outcome + "; the log has: " + log(event));
    }

    private String log(String event) {
        return run("log", "--event", event).output();
    }

    /// Sends SIGTERM and returns the exit code; one that takes more than ten seconds is killed,
    /// which tells in the code.
    int terminate() {
        program.close();
        return program.awaitExit(Duration.ofSeconds(1));
    }

    @Override
    public void close() {
        program.close();
    }
}
