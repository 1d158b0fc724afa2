package dev.outmail.testkit.smtp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Postfix's smtp-sink as a process of its own on loopback: a server that others wrote.
///
/// ```java
/// assumeThat(SmtpSink.installed()).as(SmtpSink.HOW_TO_INSTALL).isPresent();
/// try (var sink = SmtpSink.start("-q", ".")) { … }
/// ```
public final class SmtpSink implements AutoCloseable {
    public static final String HOW_TO_INSTALL =
            "smtp-sink comes with the Debian package postfix (choose 'No configuration')";

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final List<Path> PLACES =
            List.of(
                    Path.of("/usr/sbin/smtp-sink"),
                    Path.of("/usr/libexec/postfix/smtp-sink"),
                    Path.of("/usr/lib/postfix/sbin/smtp-sink"));

    private final Process process;
    private final int port;

    private SmtpSink(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /// Where the program is, if it is.
    public static Optional<Path> installed() {
        return PLACES.stream().filter(Files::isExecutable).findFirst();
    }

    /// Starts one with these options (smtp-sink(1)) and waits until it accepts connections.
    public static SmtpSink start(String... options) throws IOException, InterruptedException {
        int port = freePort();
        List<String> command = new ArrayList<>();
        command.add(installed().orElseThrow(() -> new IOException(HOW_TO_INSTALL)).toString());
        if (System.getProperty("user.name").equals("root")) {
            command.addAll(List.of("-u", "nobody"));
        }
        command.addAll(List.of(options));
        command.addAll(List.of("127.0.0.1:" + port, "100"));
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        SmtpSink sink = new SmtpSink(process, port);
        try {
            sink.awaitListening(command);
            return sink;
        } catch (IOException | InterruptedException e) {
            sink.close();
            throw e;
        }
    }

    public String host() {
        return "127.0.0.1";
    }

    public int port() {
        return port;
    }

    public long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }

    private void awaitListening(List<String> command) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!listens()) {
            if (process.waitFor(20, TimeUnit.MILLISECONDS)) {
                throw new IOException(command + " ended with " + process.exitValue());
            }
            if (System.nanoTime() > deadline) {
                throw new IOException(command + " does not listen after " + PATIENCE);
            }
        }
    }

    private boolean listens() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
