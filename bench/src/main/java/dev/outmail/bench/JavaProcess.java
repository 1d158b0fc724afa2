package dev.outmail.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// How Java programs are run: all with the flags that the `outmail` command gives to a worker.
final class JavaProcess {
    private JavaProcess() {}

    /// A program of this JVM's class path.
    static ProcessBuilder of(String heap, String main, String... arguments) {
        var command = java(heap, System.getProperty("java.class.path"));
        command.add("-Dlogback.configurationFile=outmail-bench-logback.xml");
        return program(command, main, arguments);
    }

    private static List<String> java(String heap, String classPath) {
        return new ArrayList<>(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-Djdk.pollerMode=1",
                        "-Xmx" + heap,
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        classPath));
    }

    private static ProcessBuilder program(List<String> java, String main, String... arguments) {
        java.add(main);
        java.addAll(List.of(arguments));
        return new ProcessBuilder(java);
    }

    /// The outmail command, from its own class path and archive where `bench/run` says what they
    /// are.
    static ProcessBuilder outmail(String heap, String... arguments) {
        var classPath =
                System.getProperty(
                        "outmail.bench.worker-class-path", System.getProperty("java.class.path"));
        var command = java(heap, classPath);
        var archive = System.getProperty("outmail.bench.worker-archive");
        if (archive != null) {
            command.addAll(List.of("-XX:AOTCache=" + archive, "-Xlog:aot*=off", "-Xlog:cds*=off"));
        }
        return program(command, "dev.outmail.cli.Main", arguments);
    }
}
