package dev.outmail.systemtest.faults;

import dev.outmail.testkit.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/// Counts attempts to connect to a port on which nobody counts them, as Linux tells of them: what
/// waits for an answer shows in its table of sockets; what is refused is too short for that, but
/// there is a counter, of all processes, which is never too low. Once it could not look any more it
/// tells nothing but that.
final class ConnectionAttempts implements AutoCloseable {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);
    private static final List<Path> SOCKETS =
            List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));
    private static final Path COUNTERS = Path.of("/proc/net/snmp");
    private static final String SYN_SENT = "02";

    private final String port;
    private final long refusedBefore = refusedSoFar();
    private final Set<String> waited = ConcurrentHashMap.newKeySet();
    private final CompletableFuture<Void> watch;
    private volatile boolean closing;

    ConnectionAttempts(int port) {
        this.port = ":%04X".formatted(port);
        watch = CompletableFuture.runAsync(this::look, ConnectionAttempts::start);
    }

    private static void start(Runnable look) {
        Thread.ofPlatform().name("connection-attempts").daemon().start(look);
    }

    /// Attempts that nobody answered, so far.
    int unanswered() {
        if (watch.isDone()) {
            watch.join(); // throws what ended it
            throw new AssertionError("nobody looks at connections any more");
        }
        return waited.size();
    }

    /// Attempts of whomever that were refused, so far.
    int refused() {
        return (int) (refusedSoFar() - refusedBefore);
    }

    private void look() {
        while (!closing) {
            for (var table : SOCKETS) {
                lines(table).stream()
                        .map(line -> line.strip().split(" +"))
                        .filter(socket -> socket[2].endsWith(port) && socket[3].equals(SYN_SENT))
                        .forEach(socket -> waited.add(socket[1]));
            }
            Rig.pause(BETWEEN_LOOKS);
        }
    }

    private static long refusedSoFar() {
        var tcp =
                lines(COUNTERS).stream()
                        .filter(line -> line.startsWith("Tcp:"))
                        .map(line -> List.of(line.split(" ")))
                        .toList();
        return Long.parseLong(tcp.getLast().get(tcp.getFirst().indexOf("AttemptFails")));
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        closing = true;
        Await.until(Duration.ofSeconds(5), watch::isDone, "connection-attempts ends");
        watch.join();
    }
}
