package dev.outmail.systemtest;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.outmail.testkit.ExternalProgram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The release archive, unpacked into a folder with a space in its path, after its first start,
/// which makes the archives of classes that commands start from. All tests run their commands from
/// here.
final class Release {
    static final Duration TIME_TO_START = Duration.ofMinutes(3);

    private static final Path INTO =
            Checkout.ROOT.resolve("systemtest").resolve("target").resolve("un packed");

    /// What the first start said; the last that is written.
    private static final Path FIRST_START = INTO.resolve("first-start.txt");

    static final Path FOLDER = upToDate();

    private Release() {}

    static Path lib() {
        return FOLDER.resolve("lib");
    }

    static String outmail() {
        return FOLDER.resolve("bin/outmail").toString();
    }

    static String firstStart() throws IOException {
        return Files.readString(FIRST_START);
    }

    /// Each jar by its name, as the launcher has them: an archive of classes is for one class path.
    static String classPath() {
        try (var files = Files.list(lib())) {
            return files.map(Path::toString)
                    .filter(file -> file.endsWith(".jar"))
                    .sorted()
                    .collect(Collectors.joining(":"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Unpacked by the first of the forks that run side by side; the others wait for it.
    private static Path upToDate() {
        var lock = INTO.resolveSibling("un packed.lock");
        try (var channel = FileChannel.open(lock, CREATE, WRITE);
                var _ = channel.lock()) {
            if (isOutdated()) {
                unpack();
                Files.writeString(FIRST_START, run(folder().resolve("bin/outmail"), "--version"));
            }
            return folder();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isOutdated() throws IOException {
        return !Files.exists(FIRST_START)
                || Files.getLastModifiedTime(FIRST_START)
                                .compareTo(Files.getLastModifiedTime(Checkout.releaseArchive()))
                        < 0;
    }

    private static void unpack() throws IOException {
        if (Files.exists(INTO)) {
            delete(INTO);
        }
        Files.createDirectory(INTO);
        run(Path.of("tar"), "-xzf", Checkout.releaseArchive().toString(), "-C", INTO.toString());
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static Path folder() throws IOException {
        try (var unpacked = Files.list(INTO)) {
            return unpacked.filter(Files::isDirectory).findFirst().orElseThrow();
        }
    }

    /// Runs a command of the release to its end.
    static String run(Path program, String... arguments) {
        var command = Stream.concat(Stream.of(program.toString()), Stream.of(arguments)).toList();
        try (var ran = ExternalProgram.start(command, environment())) {
            if (ran.awaitExit(TIME_TO_START) != 0) {
                throw new AssertionError(command + ": " + ran.output());
            }
            return ran.output();
        }
    }

    private static Map<String, String> environment() {
        return Map.of("JAVA_HOME", System.getProperty("java.home"));
    }
}
