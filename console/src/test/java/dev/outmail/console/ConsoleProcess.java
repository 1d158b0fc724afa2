package dev.outmail.console;

import dev.outmail.config.DeploymentReader;
import dev.outmail.testkit.ExternalProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A console in a JVM of its own, to be killed.
record ConsoleProcess(ExternalProgram program, int port) implements AutoCloseable {
    private static final Duration TIME_TO_START = Duration.ofSeconds(60);
    private static final Pattern PORT = Pattern.compile("port=(\\d+)");

    /// Starts one and waits for it.
    ///
    /// @param folder for its configuration
    static ConsoleProcess start(Path folder, Map<String, String> config) throws IOException {
        var file = Files.createTempFile(folder, "console", ".properties");
        var properties = new Properties();
        properties.putAll(config);
        try (var out = Files.newOutputStream(file)) {
            properties.store(out, null);
        }
        var program = ExternalProgram.startJava(ConsoleProcess.class, file.toString());
        try {
            var port = program.awaitOutput(PORT, TIME_TO_START).group(1);
            return new ConsoleProcess(program, Integer.parseInt(port));
        } catch (AssertionError e) {
            program.close();
            throw e;
        }
    }

    /// SIGKILL.
    void kill() {
        program.kill();
    }

    @Override
    public void close() {
        program.close();
    }

    /// Serves the console that a file of properties describes.
    public static void main(String[] arguments) throws IOException, InterruptedException {
        var properties = new Properties();
        try (var in = Files.newInputStream(Path.of(arguments[0]))) {
            properties.load(in);
        }
        var config =
                properties.stringPropertyNames().stream()
                        .collect(Collectors.toMap(name -> name, properties::getProperty));
        var console = Console.start(DeploymentReader.read(config, Map.of()));
        System.out.println("port=" + console.port());
        console.awaitEnd();
    }
}
