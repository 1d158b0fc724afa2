package dev.outmail.testkit;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/// A program outside this JVM: started with its output captured, stopped by its handle together
/// with everything that it started itself.
public final class ExternalProgram implements AutoCloseable {
    private static final Duration TIME_TO_END = Duration.ofSeconds(10);
    private static final Duration TIME_TO_READ = Duration.ofSeconds(1);

    /// Where Debian keeps servers, which is not on everybody's PATH.
    private static final List<String> SERVER_FOLDERS = List.of("/usr/local/sbin", "/usr/sbin");

    private final String name;
    private final Process process;
    private final Thread reader;

    /// Guarded by itself; written by the thread that reads the program's output.
    private final StringBuilder output = new StringBuilder();

    private ExternalProgram(String name, Process process) {
        this.name = name;
        this.process = process;
        // Not a virtual one: reading from a pipe holds its carrier, and a few programs that say
        // nothing for a minute would leave none to the servers of a test.
        this.reader =
                Thread.ofPlatform().daemon().name("output-of-" + name).unstarted(this::readOutput);
        reader.start();
    }

    /// Looks for a program on the PATH and where Debian keeps servers.
    public static Optional<Path> find(String program) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Stream.concat(Arrays.stream(path.split(File.pathSeparator)), SERVER_FOLDERS.stream())
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /// The program, or the end of the test as skipped, naming the Debian package that has it.
    public static Path assumeInstalled(String program, String debianPackage) {
        return find(program)
                .orElseGet(() ->
                        Assumptions.abort(
                                "%s is not installed: apt-get install %s"
                                        .formatted(program, debianPackage)));
    }

    public static ExternalProgram start(Path program, String... arguments) {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(arguments));
        return start(command, Map.of());
    }

    /// Starts a Java program from this JVM's own class path, on a small heap.
    public static ExternalProgram startJava(Class<?> main, String... arguments) {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx256m",
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                main.getName()));
        command.addAll(List.of(arguments));
        return start(command, Map.of());
    }

    /// Starts a command.
    ///
    /// @param environment in addition to this JVM's
    public static ExternalProgram start(List<String> command, Map<String, String> environment) {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        try {
            String name = Path.of(command.getFirst()).getFileName().toString();
            return new ExternalProgram(name, builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException("can't start " + command.getFirst(), e);
        }
    }

    public long pid() {
        return process.pid();
    }

    public boolean isRunning() {
        return process.isAlive();
    }

    /// Standard output and standard error so far, as they came.
    public String output() {
        synchronized (output) {
            return output.toString();
        }
    }

    /// Waits until the output holds a text.
    ///
    /// @throws AssertionError with the whole output, when time is up or nothing more can come
    public void awaitOutput(String text, Duration atMost) {
        awaitOutput(Pattern.compile(text, Pattern.LITERAL), atMost);
    }

    /// Waits until a part of the output matches, and returns that part.
    ///
    /// @throws AssertionError with the whole output, when time is up or nothing more can come
    public MatchResult awaitOutput(Pattern pattern, Duration atMost) {
        return Await.value(atMost, () -> heard(pattern), () -> describe("says '" + pattern + "'"))
                .orElseThrow(() ->
                        new AssertionError(
                                describe("says '" + pattern + "' before it falls silent")));
    }

    /// The exit code, once the program has ended by itself. All that it said is in the output then;
    /// what others say who still hold its output open may be missing.
    public int awaitExit(Duration atMost) {
        Await.until(atMost, () -> !isRunning(), () -> describe("ends"));
        awaitEndOfOutput();
        return process.exitValue();
    }

    /// Stops the program where it stands (SIGSTOP), until it is thawed.
    public void freeze() {
        signal("STOP");
    }

    /// Lets a frozen program go on (SIGCONT).
    public void thaw() {
        signal("CONT");
    }

    /// Ends the program and all that it started without a warning (SIGKILL).
    public void kill() {
        List<ProcessHandle> descendants = process.descendants().toList();
        process.destroyForcibly();
        descendants.forEach(ProcessHandle::destroyForcibly);
        awaitExit(TIME_TO_END);
    }

    /// Asks the program to end (SIGTERM), and kills it and what it leaves when it does not.
    @Override
    public void close() {
        List<ProcessHandle> descendants = process.descendants().toList();
        process.destroy();
        try {
            if (!process.waitFor(TIME_TO_END.toMillis(), TimeUnit.MILLISECONDS)) {
                kill();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
        descendants.forEach(ProcessHandle::destroyForcibly);
    }

    /// The match, an empty one once nothing more can come, nothing while something can.
    private Optional<Optional<MatchResult>> heard(Pattern pattern) {
        boolean nothingMore = !reader.isAlive();
        Matcher matcher = pattern.matcher(output());
        if (matcher.find()) {
            return Optional.of(Optional.of(matcher.toMatchResult()));
        }
        return nothingMore ? Optional.of(Optional.empty()) : Optional.empty();
    }

    private void signal(String signal) {
        try {
            Process kill = new ProcessBuilder("sh", "-c", "kill -" + signal + " " + pid()).start();
            if (kill.waitFor() != 0) {
                throw new IllegalStateException("can't send SIG" + signal + " to " + name);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private void awaitEndOfOutput() {
        try {
            reader.join(TIME_TO_READ);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void readOutput() {
        try (var reader = process.inputReader(StandardCharsets.UTF_8)) {
            char[] buffer = new char[4096];
            for (int read = reader.read(buffer); read >= 0; read = reader.read(buffer)) {
                synchronized (output) {
                    output.append(buffer, 0, read);
                }
            }
        } catch (IOException e) {
            synchronized (output) {
                output.append("\n[output of ").append(name).append(" lost: ").append(e).append("]");
            }
        }
    }

    private String describe(String expected) {
        return "%s (process %d, %s) %s; its output:%n%s"
                .formatted(name, pid(), isRunning() ? "running" : "ended", expected, output());
    }
}
