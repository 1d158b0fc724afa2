package dev.outmail.producer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.mail.EventId;
import dev.outmail.mail.EventLimits;
import dev.outmail.mail.MailEvent;
import dev.outmail.testkit.ExternalProgram;
import dev.outmail.testkit.kafka.KafkaBroker;
import dev.outmail.wire.Decoded;
import dev.outmail.wire.EventCodec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The examples publish what a worker takes. What they need of their languages is installed by
/// `./verify`, where it can be.
class ExamplesIT {
    @RegisterExtension static final KafkaBroker KAFKA = new KafkaBroker();

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Path EXAMPLES = ROOT.resolve("examples");

    /// Where `./verify` puts what Node needs.
    private static final Path NODE_MODULES = ROOT.resolve("target/programs/node_modules");

    private Site site;

    @BeforeEach
    void prepare() throws InterruptedException {
        site = Site.with(KAFKA.bootstrapServers(), KAFKA.prefix());
    }

    @Test
    void java() {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();

        run(
                Map.of(),
                java,
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                EXAMPLES.resolve("java/Publish.java").toString());

        assertThat(published().id()).isEqualTo(new EventId("/examples/java", "task-42-assigned-7"));
    }

    @Test
    void python() {
        run(Map.of(), pythonWithKafka(), EXAMPLES.resolve("python/publish.py").toString());

        assertThat(published().id())
                .isEqualTo(new EventId("/examples/python", "task-42-assigned-7"));
    }

    @Test
    void node() {
        var node = ExternalProgram.assumeInstalled("node", "nodejs").toString();
        Assumptions.assumeTrue(
                Files.exists(NODE_MODULES.resolve("kafkajs")), "kafkajs is not installed");

        run(
                Map.of("NODE_PATH", NODE_MODULES.toString()),
                node,
                EXAMPLES.resolve("node/publish.js").toString());

        assertThat(published().id()).isEqualTo(new EventId("/examples/node", "task-42-assigned-7"));
    }

    @Test
    void kcat() {
        ExternalProgram.assumeInstalled("kcat", "kcat");

        run(Map.of(), EXAMPLES.resolve("kcat/publish.sh").toString());

        assertThat(published().id()).isEqualTo(new EventId("/examples/kcat", "task-42-assigned-7"));
    }

    @Test
    void cloudEventByKcat() {
        ExternalProgram.assumeInstalled("kcat", "kcat");

        run(Map.of(), EXAMPLES.resolve("kcat/publish-cloud-event.sh").toString());

        var event = published();
        assertThat(event.id())
                .isEqualTo(new EventId("/examples/cloud-event", "task-42-assigned-7"));
        assertThat(event.type()).isEqualTo("task.assigned");
        assertThat(event.terms().expiresAt()).isEqualTo(Instant.parse("2099-01-01T00:00:00Z"));
    }

    /// What is first on the PATH may be another one than Debian's, which has Debian's packages.
    private static String pythonWithKafka() {
        var candidates = new ArrayList<String>();
        ExternalProgram.find("python3").map(Path::toString).ifPresent(candidates::add);
        candidates.add("/usr/bin/python3");
        return candidates.stream()
                .filter(python -> Files.isExecutable(Path.of(python)))
                .filter(ExamplesIT::hasKafka)
                .findFirst()
                .orElseGet(() ->
                        Assumptions.abort(
                                "no Python has confluent_kafka: apt-get install"
                                        + " python3-confluent-kafka"));
    }

    private static boolean hasKafka(String python) {
        try (var asked =
                ExternalProgram.start(List.of(python, "-c", "import confluent_kafka"), Map.of())) {
            return asked.awaitExit(PATIENCE) == 0;
        }
    }

    private void run(Map<String, String> environment, String... command) {
        var whole = new ArrayList<>(List.of(command));
        whole.add(KAFKA.bootstrapServers());
        whole.add(site.topics().prefix());
        try (var example = ExternalProgram.start(whole, environment)) {
            int exitCode = example.awaitExit(PATIENCE);
            assertThat(exitCode).as(example.output()).isZero();
            assertThat(example.output()).contains("published");
        }
    }

    /// The only event there is.
    private MailEvent published() {
        var codec = new EventCodec(EventLimits.DEFAULT);
        var records = site.readAll(site.topics().events());
        assertThat(records).hasSize(1);
        var record = records.getFirst();
        var decoded = codec.decode(record.value(), record.headers());
        assertThat(decoded).isInstanceOf(Decoded.Ok.class);
        return ((Decoded.Ok) decoded).event();
    }
}
