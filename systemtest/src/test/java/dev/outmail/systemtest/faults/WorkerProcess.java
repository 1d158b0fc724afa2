package dev.outmail.systemtest.faults;

import dev.outmail.systemtest.OutmailCommand;
import dev.outmail.testkit.Await;
import dev.outmail.testkit.ExternalProgram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A worker in a JVM of its own: the command `outmail worker`, to be killed, frozen and told to
/// stop. Calls itself by its name in EHLO, so that a server's ledger tells who sent what.
final class WorkerProcess implements AutoCloseable {
    private static final Duration TIME_TO_START = Duration.ofSeconds(60);
    private static final Duration TIME_TO_END = Duration.ofSeconds(30);
    private static final String ASSIGNED = "Partitions assigned";

    private final String name;
    private final ExternalProgram program;

    private WorkerProcess(String name, ExternalProgram program) {
        this.name = name;
        this.program = program;
    }

    /// Starts one and does not wait for it.
    ///
    /// @param config keys of the deployment, beside the name
    static WorkerProcess start(
            String name,
            Path folder,
            Map<String, String> config,
            List<String> jvmOptions,
            Map<String, String> environment) {
        var file = folder.resolve(name + ".properties");
        var lines =
                config.entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .collect(Collectors.joining("\n"));
        var own =
                """

                worker.id=%s
                smtp.localhost=%s
                http.address=127.0.0.1
                http.port=0
                """
                        .formatted(name, ehlo(name));
        try {
            Files.writeString(file, lines + own);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new WorkerProcess(
                name,
                OutmailCommand.start(
                        jvmOptions, environment, "worker", "--config", file.toString()));
    }

    private static String ehlo(String name) {
        return name + ".example";
    }

    String name() {
        return name;
    }

    /// What it says in EHLO.
    String ehlo() {
        return ehlo(name);
    }

    ExternalProgram program() {
        return program;
    }

    boolean isRunning() {
        return program.isRunning();
    }

    /// Waits until Kafka has given it partitions, or none but a place in the group. Where that
    /// takes too long, tells whether it waited for something or for a processor.
    WorkerProcess awaitMember() {
        try {
            program.awaitOutput(ASSIGNED, TIME_TO_START);
            return this;
        } catch (AssertionError e) {
            var used = ProcessHandle.of(program.pid()).flatMap(h -> h.info().totalCpuDuration());
            dumpThreads(Path.of("target", name + ".start.threads"));
            throw new AssertionError(
                    "%s is no member yet; it used the processor for %s".formatted(name, used), e);
        }
    }

    /// How often Kafka gave it partitions so far.
    long assignments() {
        return program.output().lines().filter(line -> line.contains(ASSIGNED)).count();
    }

    /// SIGKILL.
    void kill() {
        program.kill();
    }

    /// SIGSTOP.
    void freeze() {
        program.freeze();
    }

    /// SIGCONT.
    void thaw() {
        program.thaw();
    }

    /// How one ended that was told to stop.
    record Stopped(int exitCode, Duration took) {}

    /// SIGTERM, and waits for the end, which it is not helped to.
    Stopped terminate() {
        long told = System.nanoTime();
        ProcessHandle.of(program.pid()).ifPresent(ProcessHandle::destroy);
        int exitCode = program.awaitExit(TIME_TO_END);
        return new Stopped(exitCode, Duration.ofNanos(System.nanoTime() - told));
    }

    /// What it holds on to.
    ///
    /// @param threads the kernel's
    /// @param liveBytes on the heap after a collection
    record Holdings(int threads, int fileDescriptors, long liveBytes) {
        private static final int FEW = 5;
        private static final double A_LITTLE = 1.1;

        boolean isNoMoreThan(Holdings before) {
            return threads <= before.threads + FEW
                    && fileDescriptors <= before.fileDescriptors + FEW
                    && liveBytes <= before.liveBytes * A_LITTLE;
        }
    }

    Holdings holdings() {
        var total = Pattern.compile("Total +\\d+ +(\\d+)").matcher(jcmd("GC.class_histogram"));
        if (!total.find()) {
            throw new AssertionError("no histogram of " + name);
        }
        return new Holdings(count("task"), count("fd"), Long.parseLong(total.group(1)));
    }

    /// I6: waits until it holds no more than before, but for a few.
    void awaitNoMoreThan(Holdings before, Duration atMost) {
        Await.until(
                atMost,
                () -> holdings().isNoMoreThan(before),
                () -> "%s holds no more than %s; it holds %s".formatted(name, before, holdings()));
    }

    /// The resident memory, in kilobytes.
    long residentKilobytes() {
        try (var status = Files.lines(proc("status"))) {
            return status.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int count(String folder) {
        try (var entries = Files.list(proc(folder))) {
            return (int) entries.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path proc(String file) {
        return Path.of("/proc", Long.toString(program.pid()), file);
    }

    /// Writes down what its threads do, virtual ones too, for who wants to know why it hangs.
    void dumpThreads(Path file) {
        if (isRunning()) {
            jcmd("Thread.dump_to_file", "-overwrite", file.toAbsolutePath().toString());
        }
    }

    private String jcmd(String... what) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString());
        command.add(Long.toString(program.pid()));
        command.addAll(List.of(what));
        try (var jcmd = ExternalProgram.start(command, Map.of())) {
            jcmd.awaitExit(TIME_TO_END);
            return jcmd.output();
        }
    }

    /// Waits until it has said this in its log.
    void awaitSaid(String text, Duration atMost) {
        Await.until(
                atMost,
                () -> program.output().contains(text),
                () -> name + " says '" + text + "'; it said:\n" + program.output());
    }

    /// Writes down what it said, for who wants to know; nothing depends on that.
    void keepOutput(Path file) {
        try {
            Files.writeString(file, program.output());
        } catch (IOException e) {
            System.err.println("not written: " + file + ": " + e);
        }
    }

    /// Ends it however it is.
    @Override
    public void close() {
        if (isRunning()) {
            program.kill();
        }
    }
}
