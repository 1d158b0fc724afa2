package dev.outmail.systemtest;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.outmail.testkit.ExternalProgram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// The archive of classes that commands start from, made by the same script as for the launcher. A
/// machine too busy to make one has commands that start slower, as a user's would.
final class ClassArchive {
    private static final Duration TIME_TO_MAKE = Duration.ofMinutes(1);
    private static final Path CLI = Checkout.ROOT.resolve("cli");

    static final Path FILE = upToDate();

    private ClassArchive() {}

    /// Made by the first of the forks that run side by side; the others wait for it.
    private static Path upToDate() {
        var target = CLI.resolve("target");
        try (var channel = FileChannel.open(target.resolve("outmail.aot.lock"), CREATE, WRITE);
                var _ = channel.lock();
                var script =
                        ExternalProgram.start(
                                List.of(CLI.resolve("archive").toString(), OutmailCommand.JAVA),
                                Map.of())) {
            int exitCode = script.awaitExit(TIME_TO_MAKE);
            if (exitCode != 0) {
                System.err.println("cli/archive ended with " + exitCode + ": " + script.output());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (AssertionError e) {
            System.err.println("cli/archive takes too long: " + e.getMessage());
        }
        return target.resolve("outmail.aot");
    }
}
