package dev.outmail.bench;

import dev.outmail.bench.letter.LetterSize;
import dev.outmail.bench.peer.PeerKind;
import dev.outmail.bench.peer.PeerMain;
import dev.outmail.bench.peer.Target;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// A peer in a JVM of its own.
final class PeerProcess implements Contender, AutoCloseable {
    private static final String HEAP = "768m";
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final long SECONDS_TO_END = 20;

    private final PeerKind kind;
    private final Process process;
    private final BufferedWriter orders;
    private final BufferedReader answers;

    private PeerProcess(PeerKind kind, Process process) {
        this.kind = kind;
        this.process = process;
        this.orders = process.outputWriter();
        this.answers = process.inputReader();
    }

    /// Starts one and does not wait for it.
    static PeerProcess start(PeerKind kind, LetterSize size, Target target) throws IOException {
        var process =
                JavaProcess.of(
                                HEAP,
                                PeerMain.class.getName(),
                                kind.name(),
                                size.name(),
                                target.host(),
                                Integer.toString(target.port()),
                                Integer.toString(target.connections()),
                                target.kafka())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        return new PeerProcess(kind, process);
    }

    /// Waits until it can be run.
    void awaitReady() throws IOException {
        answer(PeerMain.READY);
    }

    @Override
    public String label() {
        return kind.label();
    }

    @Override
    public Run run(int messages) throws IOException {
        orders.write(messages + "\n");
        orders.flush();
        var words = answer(PeerMain.SENT).split(" ", -1);
        return new Run(
                messages,
                Long.parseLong(words[1]),
                Long.parseLong(words[2]),
                Long.parseLong(words[3]));
    }

    /// The next line of this kind; libraries may say other things.
    private String answer(String start) throws IOException {
        var watch = Thread.startVirtualThread(this::killWhenPatienceEnds);
        try {
            for (var line = answers.readLine(); line != null; line = answers.readLine()) {
                if (line.startsWith(start)) {
                    return line;
                }
            }
            throw new IOException(label() + " broke; its standard error says why");
        } finally {
            watch.interrupt();
        }
    }

    private void killWhenPatienceEnds() {
        try {
            Thread.sleep(PATIENCE);
            process.destroyForcibly();
        } catch (InterruptedException e) {
            // the answer came
        }
    }

    @Override
    public void close() {
        try {
            orders.close();
            if (!process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
