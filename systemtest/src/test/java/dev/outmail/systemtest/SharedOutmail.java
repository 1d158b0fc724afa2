package dev.outmail.systemtest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// One `outmail up` for all classes of a fork that ask for it, started with the first and stopped
/// when the fork ends. Each keeps to a profile of its own, but for the one that has the default
/// profile.
final class SharedOutmail implements BeforeAllCallback {
    private @Nullable Shared shared;

    private record Shared(Path folder, UpProcess up) implements AutoCloseable {
        static Shared start() {
            try {
                var folder = Files.createTempDirectory("outmail-systemtest");
                return new Shared(
                        folder,
                        UpProcess.start(
                                folder.resolve("data"),
                                "--sendmail",
                                folder.resolve("mailer").toString()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() throws IOException {
            up.close();
            try (var files = Files.walk(folder)) {
                for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        shared =
                context.getStore(
                                ExtensionContext.StoreScope.LAUNCHER_SESSION,
                                ExtensionContext.Namespace.create(SharedOutmail.class))
                        .computeIfAbsent(Shared.class, type -> Shared.start(), Shared.class);
    }

    UpProcess up() {
        return Objects.requireNonNull(shared, "before all tests").up();
    }

    /// A folder for files, gone after the last test.
    Path folder() {
        return Objects.requireNonNull(shared, "before all tests").folder();
    }

    /// Where the worker looks for the native mailer; nothing is there until a test puts it.
    Path mailer() {
        return folder().resolve("mailer");
    }
}
