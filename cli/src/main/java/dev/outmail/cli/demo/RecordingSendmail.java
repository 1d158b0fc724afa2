package dev.outmail.cli.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/// A `sendmail` command that keeps what it is given, a file a call: the arguments, an empty line,
/// the message.
record RecordingSendmail(Path command, Path folder) {

    static RecordingSendmail in(Path parent) throws IOException {
        var folder = Files.createDirectory(parent.resolve("sendmail-calls"));
        var command = parent.resolve("sendmail");
        Files.writeString(
                command,
                """
                #!/bin/sh
                # Written by `outmail demo`: records what a mailer would have been given.
                call=$(mktemp "%1$s/.call.XXXXXX") || exit 75
                { printf '%%s\\n' "$@"; echo; cat; } >"$call" || exit 75
                mv "$call" "%1$s/$(basename "$call" | cut -c2-)" || exit 75
                """
                        .formatted(folder));
        Files.setPosixFilePermissions(command, PosixFilePermissions.fromString("rwxr-xr-x"));
        return new RecordingSendmail(command, folder);
    }

    /// The calls that were completed, each as one text.
    List<String> calls() throws IOException {
        try (var files = Files.list(folder)) {
            var calls = files.filter(f -> !f.getFileName().toString().startsWith(".")).toList();
            var texts = new java.util.ArrayList<String>();
            for (var call : calls) {
                texts.add(Files.readString(call));
            }
            return texts;
        }
    }
}
