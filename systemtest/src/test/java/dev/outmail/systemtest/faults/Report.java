package dev.outmail.systemtest.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The table that ends a run of the fault suite. Guarded by itself.
final class Report {
    private static final String HEAD =
            """
            | test | seed | accepted | lost | doubled | in doubt | seconds | measured |
            |---|---|---|---|---|---|---|---|
            """;

    private final boolean full;
    private final List<String> rows = new ArrayList<>();

    Report(boolean full) {
        this.full = full;
    }

    /// Notes a test, passed or not.
    ///
    /// @param measured what else the test counted
    synchronized void add(
            String test, long seed, Findings findings, Duration took, String measured) {
        rows.add(
                "| %s | %d | %,d | %d | %d | %d | %d | %s |"
                        .formatted(
                                test,
                                seed,
                                findings.accepted(),
                                findings.lost().size(),
                                findings.doubled(),
                                findings.inDoubt(),
                                took.toSeconds(),
                                measured));
    }

    /// Tests may run in several JVMs side by side, each with a report.
    static String fork() {
        var fork = System.getProperty("outmail.test.fork", "1");
        return fork.equals("1") ? "" : "-" + fork;
    }

    synchronized void print() {
        var table = HEAD + String.join("\n", rows) + "\n";
        System.out.printf("%nFault suite, %s size:%n%n%s%n", full ? "full" : "small", table);
        try {
            Files.createDirectories(Path.of("target"));
            Files.writeString(Path.of("target", "fault-report" + fork() + ".md"), table);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
