package dev.outmail.testkit.kafka;

import dev.outmail.broker.BrokerMain;
import dev.outmail.testkit.ExternalProgram;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// A broker in a process of its own, for tests that kill it or freeze it and start it again.
///
/// For one test thread.
public final class KafkaProcess implements AutoCloseable {
    /// Long enough for a start after a kill, which waits for the old broker's session to end.
    private static final Duration TIME_TO_START = Duration.ofSeconds(60);

    private static final Pattern READY = Pattern.compile("READY 127\\.0\\.0\\.1:(\\d+)\\R");

    private final Path data;
    private final int port;
    private final Map<String, String> settings;
    private ExternalProgram program;

    private KafkaProcess(
            Path data, int port, Map<String, String> settings, ExternalProgram program) {
        this.data = data;
        this.settings = settings;
        this.port = port;
        this.program = program;
    }

    /// Starts a broker and returns when it answers.
    ///
    /// @param port 0 for a free one, which the broker keeps when it is started again
    public static KafkaProcess start(Path data, int port) {
        return start(data, port, Map.of());
    }

    /// The same with settings of Kafka's, in place of the lean ones.
    public static KafkaProcess start(Path data, int port, Map<String, String> settings) {
        ExternalProgram program = run(data, port, settings);
        return new KafkaProcess(data, awaitReady(program), settings, program);
    }

    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    /// The process, to freeze or thaw it.
    public ExternalProgram program() {
        return program;
    }

    /// Ends the broker as a power cut of its process does (SIGKILL).
    public void kill() {
        program.kill();
    }

    /// Starts a killed or stopped broker again, with the same data on the same port.
    public void startAgain() {
        program.close();
        program = run(data, port, settings);
        awaitReady(program);
    }

    @Override
    public void close() {
        program.close();
    }

    private static ExternalProgram run(Path data, int port, Map<String, String> settings) {
        var arguments = new ArrayList<>(List.of(data.toString(), String.valueOf(port)));
        settings.forEach((name, value) -> arguments.add(name + "=" + value));
        return ExternalProgram.startJava(BrokerMain.class, arguments.toArray(String[]::new));
    }

    private static int awaitReady(ExternalProgram program) {
        try {
            return Integer.parseInt(program.awaitOutput(READY, TIME_TO_START).group(1));
        } catch (AssertionError e) {
            program.close();
            throw e;
        }
    }
}
