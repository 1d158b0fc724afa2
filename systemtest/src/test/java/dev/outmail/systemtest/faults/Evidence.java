package dev.outmail.systemtest.faults;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;

/// What this JVM's threads did, virtual ones too, and what connections the machine had, when a test
/// gave up: for who wants to know why. Nothing depends on it.
final class Evidence {
    private Evidence() {}

    static void keep(String name) {
        try {
            keepThreads(Path.of("target", name + ".threads").toAbsolutePath());
            keepSockets(Path.of("target", name + ".sockets"));
        } catch (IOException e) {
            System.err.println("not written: evidence of " + name + ": " + e);
        }
    }

    private static void keepThreads(Path file) throws IOException {
        Files.deleteIfExists(file);
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                .dumpThreads(file.toString(), ThreadDumpFormat.TEXT_PLAIN);
    }

    private static void keepSockets(Path file) throws IOException {
        var lines = new ArrayList<String>();
        for (var table : new String[] {"/proc/net/tcp", "/proc/net/tcp6"}) {
            lines.addAll(Files.readAllLines(Path.of(table)));
        }
        Files.write(file, lines);
    }
}
