package dev.outmail.delivery;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// A sendmail command that writes down what it gets, each run in a folder of its own, and does then
/// what a test wants.
record RecordingMailer(Path command) {

    /// @param folder for the command and what it records
    /// @param ending what it does when it has recorded all, in shell; "" for success
    static RecordingMailer in(Path folder, String ending) throws IOException {
        var script =
                """
                #!/bin/sh
                run=$(mktemp -d "%1$s/run-XXXXXXXX")
                for argument in "$@"; do printf '%%s\\0' "$argument" >> "$run/arguments"; done
                cat > "$run/input"
                %2$s
                """
                        .formatted(folder, ending);
        var command = Files.writeString(folder.resolve("sendmail"), script);
        Files.setPosixFilePermissions(command, PosixFilePermissions.fromString("rwxr-xr-x"));
        return new RecordingMailer(command);
    }

    /// One run of it.
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Run(List<String> arguments, byte[] input) {}

    List<Run> runs() throws IOException {
        try (Stream<Path> files = Files.list(command.getParent())) {
            return files.filter(Files::isDirectory).map(RecordingMailer::run).toList();
        }
    }

    private static Run run(Path folder) {
        try {
            var arguments =
                    Files.readString(folder.resolve("arguments"), StandardCharsets.UTF_8)
                            .split("\0", -1);
            return new Run(
                    Arrays.asList(arguments).subList(0, arguments.length - 1),
                    Files.readAllBytes(folder.resolve("input")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
