package dev.outmail.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// Postfix's test programs, where distributions put them.
final class Programs {
    private static final List<String> FOLDERS =
            List.of(
                    "/usr/sbin",
                    "/usr/libexec/postfix",
                    "/usr/lib/postfix/sbin",
                    "/usr/local/sbin");

    private Programs() {}

    static String path(String program) throws IOException {
        var path = System.getenv().getOrDefault("PATH", "").split(":");
        return Stream.concat(Arrays.stream(path), FOLDERS.stream())
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() ->
                        new IOException(
                                program
                                        + " is not installed; it comes with the Debian package postfix"))
                .toString();
    }
}
