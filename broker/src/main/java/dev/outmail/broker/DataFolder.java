package dev.outmail.broker;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.metadata.storage.Formatter;

/// The folder that a broker keeps its data in: locked while the broker uses it, formatted once.
///
/// Kafka locks its log directory too, but a broker that is its own controller has written to the
/// metadata log by then.
final class DataFolder implements AutoCloseable {
    /// The folders in use in this JVM. A file lock does not do inside one process: the second one
    /// who tries it and closes the file takes the lock away from the first (POSIX fcntl).
    private static final Set<Path> IN_USE_HERE = ConcurrentHashMap.newKeySet();

    private final Path folder;
    private final FileChannel lockFile;

    private DataFolder(Path folder, FileChannel lockFile) {
        this.folder = folder;
        this.lockFile = lockFile;
    }

    static DataFolder open(Path path) {
        Path folder = created(path);
        if (!IN_USE_HERE.add(folder)) {
            throw inUse(folder);
        }
        try {
            return new DataFolder(folder, locked(folder));
        } catch (RuntimeException e) {
            IN_USE_HERE.remove(folder);
            throw e;
        }
    }

    /// Kafka's log directory, formatted.
    Path formattedLogs(int nodeId) {
        Path logs = folder.resolve("logs");
        if (!Files.exists(logs)) {
            format(logs, nodeId);
        }
        return logs;
    }

    @Override
    public void close() {
        try {
            lockFile.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            IN_USE_HERE.remove(folder);
        }
    }

    /// Formats beside the final place and moves, so that a kill in between leaves nothing half
    /// done.
    private void format(Path logs, int nodeId) {
        Path unfinished = folder.resolve("logs.unfinished");
        try {
            delete(unfinished);
            new Formatter()
                    .setPrintStream(
                            new PrintStream(
                                    OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                    .setNodeId(nodeId)
                    .setClusterId(Uuid.randomUuid().toString())
                    .setControllerListenerName(Sockets.CONTROLLER)
                    .addDirectory(unfinished.toString())
                    .setMetadataLogDirectory(unfinished.toString())
                    .run();
            Files.move(unfinished, logs, StandardCopyOption.ATOMIC_MOVE);
        } catch (Exception e) {
            throw unusable(folder, e);
        }
    }

    private static Path created(Path path) {
        try {
            return Files.createDirectories(path).toRealPath();
        } catch (IOException e) {
            throw unusable(path, e);
        }
    }

    private static FileChannel locked(Path folder) {
        try {
            FileChannel file =
                    FileChannel.open(
                            folder.resolve("broker.lock"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
            if (file.tryLock() != null) {
                return file;
            }
            file.close();
        } catch (IOException e) {
            throw unusable(folder, e);
        }
        throw inUse(folder);
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> inside = Files.walk(folder)) {
                for (Path path : inside.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    private static BrokerNotStarted inUse(Path folder) {
        return new BrokerNotStarted(
                "the data folder %s belongs to a running broker: stop that one or choose another folder"
                        .formatted(folder));
    }

    private static BrokerNotStarted unusable(Path folder, Exception cause) {
        return new BrokerNotStarted(
                "the data folder %s can't be written (%s): choose another folder or correct its permissions"
                        .formatted(folder, cause),
                cause);
    }
}
