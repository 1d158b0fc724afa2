package dev.outmail.console.log;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/// The SQLite file of the index, and connections to it: one that writes, some that read meanwhile.
/// Nothing in it can be lost: the log itself is on its topic.
final class IndexFile implements AutoCloseable {
    private static final int READERS = 4;

    /// A file of another version is made anew.
    private static final int VERSION = 1;

    private final Connection writer;
    private final BlockingQueue<Connection> readers = new ArrayBlockingQueue<>(READERS);

    private IndexFile(Path file) throws SQLException {
        writer = connect(file);
        writer.setAutoCommit(false);
        for (int i = 0; i < READERS; i++) {
            var reader = connect(file);
            execute(reader, "PRAGMA query_only = true");
            readers.add(reader);
        }
    }

    /// Opens it, or makes it.
    static IndexFile in(Path folder) {
        try {
            Files.createDirectories(
                    folder,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
            var file = folder.resolve("log.sqlite");
            prepare(file);
            return new IndexFile(file);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the folder " + folder + " (console.data) can't be made", e);
        } catch (SQLException e) {
            throw new IllegalStateException("the index in " + folder + " can't be opened", e);
        }
    }

    private static void prepare(Path file) throws SQLException, IOException {
        if (Files.exists(file) && version(file) != VERSION) {
            for (var suffix : new String[] {"", "-wal", "-shm"}) {
                Files.deleteIfExists(file.resolveSibling(file.getFileName() + suffix));
            }
        }
        try (var connection = connect(file)) {
            for (var statement : Schema.STATEMENTS) {
                execute(connection, statement);
            }
            execute(connection, "PRAGMA user_version = " + VERSION);
        }
    }

    /// 0 for what can't be read.
    private static int version(Path file) {
        try (var connection = connect(file);
                var statement = connection.createStatement();
                var answer = statement.executeQuery("PRAGMA user_version")) {
            return answer.getInt(1);
        } catch (SQLException e) {
            return 0;
        }
    }

    private static Connection connect(Path file) throws SQLException {
        var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        execute(connection, "PRAGMA journal_mode = WAL");
        execute(connection, "PRAGMA synchronous = NORMAL");
        execute(connection, "PRAGMA busy_timeout = 10000");
        execute(connection, "PRAGMA cache_size = -16000");
        execute(connection, "PRAGMA mmap_size = 268435456");
        return connection;
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /// For the thread that feeds the index.
    Connection writer() {
        return writer;
    }

    interface Query<T> {
        T run(Connection connection) throws SQLException;
    }

    /// Asks, on whatever thread.
    <T> T read(Query<T> query) {
        try {
            var reader = readers.take();
            try {
                return query.run(reader);
            } finally {
                readers.add(reader);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("the index of the log can't be read", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        try {
            for (int i = 0; i < READERS; i++) {
                readers.take().close();
            }
            writer.close();
        } catch (SQLException e) {
            throw new IllegalStateException("the index of the log can't be closed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
