package dev.outmail.bench;

import dev.outmail.bench.peer.Installation;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// `outmail smtp-in` in a process of its own, as an operator runs it.
final class SmtpInProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Process process;
    private final int port;

    private SmtpInProcess(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /// Starts one and waits until it listens.
    static SmtpInProcess start(String kafka, Path folder) throws IOException, InterruptedException {
        int port = Sink.freePort();
        var keys = Installation.keys(kafka, Map.of("smtp-in.port", Integer.toString(port)));
        var config = folder.resolve("smtp-in.properties");
        Files.writeString(
                config,
                keys.entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue() + "\n")
                        .collect(Collectors.joining()));
        var process =
                JavaProcess.outmail("512m", "smtp-in", "--config", config.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("smtp-in.log").toFile())
                        .start();
        var started = new SmtpInProcess(process, port);
        started.awaitPort();
        return started;
    }

    private void awaitPort() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!listens()) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                close();
                throw new IOException("smtp-in does not listen");
            }
            Thread.sleep(50);
        }
    }

    private boolean listens() {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    int port() {
        return port;
    }

    Duration cpu() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
