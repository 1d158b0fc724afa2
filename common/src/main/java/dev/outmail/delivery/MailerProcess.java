package dev.outmail.delivery;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/// One run of the mailer. Closing it ends whatever of it still runs.
///
/// Its output is read only as far as it is there already: a mailer may leave a child behind that
/// delivers in the background and keeps the pipe open.
final class MailerProcess implements AutoCloseable {
    private static final String PATH =
            "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    private static final int MOST_OUTPUT = 8_192;
    private static final Duration DRAIN_INTERVAL = Duration.ofMillis(20);

    private final Process process;
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private volatile boolean tookAll;

    private MailerProcess(Process process) {
        this.process = process;
    }

    static MailerProcess start(List<String> command) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(Path.of("/").toFile())
                        .redirectErrorStream(true);
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.put("PATH", PATH);
        return new MailerProcess(builder.start());
    }

    /// Writes the message with the line ends of the host, on a thread of its own: a mailer that
    /// talks before it has read everything must not block us.
    void feed(byte[] message, ThreadFactory threads) {
        threads.newThread(() -> write(message)).start();
    }

    private void write(byte[] message) {
        try (OutputStream stdin = new BufferedOutputStream(process.getOutputStream())) {
            for (int i = 0; i < message.length; i++) {
                boolean lineEnd =
                        message[i] == '\r' && i + 1 < message.length && message[i + 1] == '\n';
                if (!lineEnd) {
                    stdin.write(message[i]);
                }
            }
            stdin.flush();
            // From here on the mailer has it all; the end that follows is all it waits for.
            tookAll = true;
        } catch (IOException e) {
            // It ended before it had read everything: its exit status says what became of it.
        }
    }

    /// Whether it was given the whole message.
    boolean tookAll() {
        return tookAll;
    }

    /// Waits for its end, at most this long.
    boolean ends(Duration limit) throws InterruptedException {
        for (long rounds = limit.dividedBy(DRAIN_INTERVAL); rounds >= 0; rounds--) {
            boolean ended = process.waitFor(DRAIN_INTERVAL.toNanos(), TimeUnit.NANOSECONDS);
            drain();
            if (ended) {
                return true;
            }
        }
        return false;
    }

    int exitStatus() {
        return process.exitValue();
    }

    /// The first 8 KB of what it said, on both outputs.
    String said() {
        return output.toString(StandardCharsets.UTF_8).strip();
    }

    private void drain() {
        try {
            InputStream stdout = process.getInputStream();
            byte[] block = new byte[1_024];
            while (stdout.available() > 0) {
                int read = stdout.read(block);
                if (read < 0) {
                    return;
                }
                output.write(block, 0, Math.min(read, MOST_OUTPUT - output.size()));
            }
        } catch (IOException e) {
            // gone with the process
        }
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            List<ProcessHandle> descendants = process.descendants().toList();
            descendants.forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        try {
            process.getInputStream().close();
        } catch (IOException e) {
            // as closed as it gets
        }
    }
}
