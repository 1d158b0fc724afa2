package dev.outmail.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outmail.bench.peer.Installation;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// `outmail worker` in a process of its own, as an operator runs it.
final class WorkerProcess implements AutoCloseable {
    private static final long SECONDS_TO_END = 30;

    /// The last line of a histogram: objects, then bytes.
    private static final Pattern TOTAL = Pattern.compile("Total\\s+\\d+\\s+(\\d+)");

    private final Process process;
    private final int port;

    private WorkerProcess(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /// Starts one and does not wait for it.
    ///
    /// @param name of the worker, no other has it now
    /// @param folder for its configuration and what it logs
    static WorkerProcess start(String name, String heap, String kafka, Path folder)
            throws IOException {
        int port = Sink.freePort();
        var keys =
                Installation.keys(
                        kafka, Map.of("worker.id", name, "http.port", Integer.toString(port)));
        var config = folder.resolve(name + ".properties");
        Files.writeString(
                config,
                keys.entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue() + "\n")
                        .collect(Collectors.joining()));
        var log = folder.resolve(name + ".log").toFile();
        var process =
                JavaProcess.outmail(heap, "worker", "--config", config.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                        .start();
        return new WorkerProcess(process, port);
    }

    boolean isRunning() {
        return process.isAlive();
    }

    /// Waits until it holds so many partitions.
    ///
    /// @throws IOException when it does not, or ended
    void awaitPartitions(int count) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        while (!readiness().contains(count + " partitions held")) {
            if (!isRunning() || System.nanoTime() > deadline) {
                throw new IOException("a worker does not get " + count + " partitions");
            }
            Thread.sleep(50);
        }
    }

    private String readiness() throws InterruptedException {
        try (var client = HttpClient.newHttpClient()) {
            var ready = URI.create("http://127.0.0.1:" + port + "/health/ready");
            return client.send(HttpRequest.newBuilder(ready).build(), BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            return "does not listen yet";
        }
    }

    /// The most memory that it had, where /proc says it.
    Optional<String> peakMemory() throws IOException {
        var status = Path.of("/proc", Long.toString(process.pid()), "status");
        if (!Files.isReadable(status)) {
            return Optional.empty();
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .map(line -> line.substring("VmHWM:".length()).strip())
                .findFirst();
    }

    /// The bytes of what is alive in its heap, after a full collection that this asks for; empty
    /// where it can't be asked any more.
    OptionalLong liveBytes() throws IOException, InterruptedException {
        var command = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        var histogram =
                new ProcessBuilder(command, Long.toString(process.pid()), "GC.class_histogram")
                        .redirectErrorStream(true)
                        .start();
        var lines = new String(histogram.getInputStream().readAllBytes(), UTF_8).lines().toList();
        histogram.waitFor();
        return lines.stream()
                .map(TOTAL::matcher)
                .filter(Matcher::matches)
                .mapToLong(total -> Long.parseLong(total.group(1)))
                .findFirst();
    }

    Duration cpu() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /// Lets it drain.
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
