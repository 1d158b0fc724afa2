package dev.outmail.delivery;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// One run of the mailer. Closing it ends whatever of it still runs.
///
/// Its output is read only as far as it is there already: a mailer may leave a child behind that
/// delivers in the background and keeps the pipe open. Nothing here waits for such a child.
final class MailerProcess implements AutoCloseable {
    private static final String PATH =
            "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    private static final int MOST_OUTPUT = 8_192;
    private static final Duration DRAIN_INTERVAL = Duration.ofMillis(20);

    /// What a pipe holds; more is left for the next time, for who never stops talking.
    private static final int MOST_DRAINED = 1 << 16;

    private final Process process;
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();

    private MailerProcess(Process process) {
        this.process = process;
    }

    /// From here on the mailer has all of the message.
    static MailerProcess start(List<String> command, MailerInput input) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(Path.of("/").toFile())
                        .redirectInput(input.file().toFile())
                        .redirectErrorStream(true);
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.put("PATH", PATH);
        // our own sendmail command would hand the mail back to us
        environment.put(SendmailTransport.MARK, "1");
        return new MailerProcess(builder.start());
    }

    /// Waits for its end, at most this long.
    boolean ends(Duration limit, LongSupplier nanoTime) throws InterruptedException {
        long started = nanoTime.getAsLong();
        while (true) {
            boolean ended = process.waitFor(DRAIN_INTERVAL.toNanos(), TimeUnit.NANOSECONDS);
            drain();
            if (ended) {
                return true;
            }
            if (nanoTime.getAsLong() - started >= limit.toNanos()) {
                return false;
            }
        }
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
            for (int drained = 0; drained < MOST_DRAINED && stdout.available() > 0; ) {
                int read = stdout.read(block);
                if (read < 0) {
                    return;
                }
                drained += read;
                output.write(block, 0, Math.min(read, MOST_OUTPUT - output.size()));
            }
        } catch (IOException e) {
            // gone with the process
        }
    }

    /// First the mailer, or else it would go on where a child of its was killed.
    @Override
    public void close() {
        if (process.isAlive()) {
            List<ProcessHandle> descendants = process.descendants().toList();
            process.destroyForcibly();
            descendants.forEach(ProcessHandle::destroyForcibly);
        }
        try {
            process.getInputStream().close();
        } catch (IOException e) {
            // as closed as it gets
        }
    }
}
