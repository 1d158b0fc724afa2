package dev.outmail.producer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.mail.EventLimits;
import dev.outmail.testkit.ExternalProgram;
import dev.outmail.testkit.kafka.KafkaProcess;
import dev.outmail.wire.Decoded;
import dev.outmail.wire.EventCodec;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// T28: however an application ends, what it published is there or it is told what is not. Real
/// programs, real ends.
class ApplicationEndIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int EVENTS = Faults.size(500, 20_000);
    private static final Pattern NAMED = Pattern.compile("/tests#(event-\\d+)");

    @TempDir static Path data;
    private static KafkaProcess kafka;
    private static int sites;

    private final EventCodec codec = new EventCodec(EventLimits.DEFAULT);

    @BeforeAll
    static void startKafka() {
        kafka = KafkaProcess.start(data, 0);
    }

    static List<Application.Ending> endings() {
        return Faults.size(
                List.of(Application.Ending.CLOSE, Application.Ending.TERMINATE),
                List.of(Application.Ending.values()));
    }

    @AfterAll
    static void stopKafka() {
        kafka.close();
    }

    @ParameterizedTest
    @MethodSource("endings")
    void whatWasPublishedBeforeTheEndIsThere(Application.Ending ending) throws Exception {
        var site = Site.with(kafka.bootstrapServers(), "end-" + ++sites + ".");
        try (var application = run(site, ending, EVENTS, 10)) {
            end(application, ending);
        }

        assertThat(ids(site)).containsExactlyInAnyOrderElementsOf(all(EVENTS));
    }

    @ParameterizedTest
    @MethodSource("endings")
    void whatKafkaDidNotConfirmIsNamed(Application.Ending ending) throws Exception {
        var site = Site.with(kafka.bootstrapServers(), "end-" + ++sites + ".");
        String said;
        long took;
        try (var application = start(site, ending, EVENTS, 10)) {
            kafka.program().freeze();
            try {
                application.go();
                application.program().awaitOutput("PUBLISHED", PATIENCE);
                long started = System.nanoTime();
                end(application, ending);
                took = System.nanoTime() - started;
                said = application.program().output();
            } finally {
                kafka.program().thaw();
            }
        }

        assertThat(NAMED.matcher(said).results().map(found -> found.group(1)).distinct())
                .containsExactlyInAnyOrderElementsOf(all(EVENTS));
        assertThat(said).doesNotContain("ada@example.org");
        assertThat(Duration.ofNanos(took)).isLessThan(Duration.ofSeconds(8));
    }

    /// Two hundred threads with far more than fits, at a Kafka that takes nothing, in a heap of 256
    /// MB.
    @Test
    void whatWaitsForKafkaIsBounded() throws Exception {
        var site = Site.with(kafka.bootstrapServers(), "end-" + ++sites + ".");
        int events = Faults.size(2_000, 20_000);
        try (var application = start(site, Application.Ending.CLOSE, events, 200_000)) {
            kafka.program().freeze();
            try {
                application.go();
                application.program().awaitOutput("PUBLISHED " + events, PATIENCE);
                application.program().awaitExit(PATIENCE);
            } finally {
                kafka.program().thaw();
            }

            assertThat(application.program().output()).doesNotContain("OutOfMemory");
        }
    }

    /// Where a BOM has lowered kafka-clients, simulated by what comes first on the class path.
    @Test
    void anApplicationWithUnsafeKafkaClientsIsToldSo(@TempDir Path older) throws Exception {
        var version = Files.createDirectories(older.resolve("kafka"));
        Files.writeString(
                version.resolve("kafka-version.properties"), "version=4.1.1\ncommitId=0\n");
        var command =
                command(older + File.pathSeparator, "localhost:1", "x.", "CLOSE", "1", "1", "go");

        try (var application = ExternalProgram.start(command, Map.of())) {
            assertThat(application.awaitExit(PATIENCE)).isEqualTo(1);
            assertThat(application.output())
                    .contains("UnsafeKafkaClients: kafka-clients 4.1.1 is on the class path")
                    .contains("needs 4.1.2 or later");
        }
    }

    private record Running(ExternalProgram program, Path signal) implements AutoCloseable {
        /// Lets it publish.
        void go() throws Exception {
            Files.createFile(signal);
        }

        @Override
        public void close() {
            program.close();
        }
    }

    private static Running run(Site site, Application.Ending ending, int events, int characters)
            throws Exception {
        var application = start(site, ending, events, characters);
        application.go();
        return application;
    }

    private static Running start(Site site, Application.Ending ending, int events, int characters)
            throws Exception {
        var go = data.resolve("go-" + sites);
        var command =
                command(
                        "",
                        kafka.bootstrapServers(),
                        site.topics().prefix(),
                        ending.name(),
                        String.valueOf(events),
                        String.valueOf(characters),
                        go.toString());
        var program = ExternalProgram.start(command, Map.of());
        program.awaitOutput("READY", PATIENCE);
        return new Running(program, go);
    }

    private static List<String> command(String firstOnClassPath, String... arguments) {
        var command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx256m",
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                firstOnClassPath + System.getProperty("java.class.path"),
                                Application.class.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    private static void end(Running application, Application.Ending ending) {
        if (ending == Application.Ending.TERMINATE) {
            application.program().awaitOutput("PUBLISHED", PATIENCE);
            ProcessHandle.of(application.program().pid()).orElseThrow().destroy();
        }
        application.program().awaitExit(PATIENCE);
    }

    private static List<String> all(int events) {
        return IntStream.range(0, events).mapToObj(i -> "event-" + i).toList();
    }

    private List<String> ids(Site site) {
        return site.readAll(site.topics().events()).stream()
                .map(record -> ((Decoded.Ok) codec.decode(record.value())).event().id().id())
                .filter(id -> id.startsWith("event-"))
                .toList();
    }
}
