package dev.outmail.bench;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// Postfix's smtp-sink, which counts what it takes. Its running counters go to a file, of which the
/// end is read.
final class Sink implements AutoCloseable {
    static final String HOST = "127.0.0.1";

    private static final Pattern MESSAGES =
            Pattern.compile("mesg=(\\d+)(?!.*mesg=)", Pattern.DOTALL);
    private static final int LAST_COUNTERS = 200;
    private static final long SECONDS_TO_SETTLE = 5;

    private final Process process;
    private final int port;
    private final Path counters;

    private Sink(Process process, int port, Path counters) {
        this.process = process;
        this.port = port;
        this.counters = counters;
    }

    static Sink start(Path folder) throws IOException, InterruptedException {
        int port = freePort();
        var command = new ArrayList<>(List.of(Programs.path("smtp-sink"), "-c"));
        if (System.getProperty("user.name").equals("root")) {
            command.addAll(List.of("-u", "nobody"));
        }
        command.addAll(List.of(HOST + ":" + port, "1000"));
        var counters = folder.resolve("smtp-sink-counters");
        var process =
                new ProcessBuilder(command)
                        .redirectOutput(counters.toFile())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        var sink = new Sink(process, port, counters);
        while (!sink.listens()) {
            if (process.waitFor(20, TimeUnit.MILLISECONDS)) {
                throw new IOException("smtp-sink ended with " + process.exitValue());
            }
        }
        return sink;
    }

    static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private boolean listens() {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    Duration cpu() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    int port() {
        return port;
    }

    /// How many messages it has taken so far.
    long received() throws IOException {
        try (var file = new RandomAccessFile(counters.toFile(), "r")) {
            file.seek(Math.max(0, file.length() - LAST_COUNTERS));
            var end = new byte[LAST_COUNTERS];
            int read = Math.max(0, file.read(end));
            var matcher = MESSAGES.matcher(new String(end, 0, read, StandardCharsets.US_ASCII));
            return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
        }
    }

    /// How many it has taken, when it is as many as expected or nothing more is to be hoped for.
    long settled(long expected) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_TO_SETTLE);
        while (received() < expected && System.nanoTime() < deadline) {
            Thread.sleep(10);
        }
        return received();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
