package dev.outmail.systemtest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.testkit.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A worker's log for programs: JSON, a line each, which names the event that it is about.
class LogFormatIT {
    @RegisterExtension static final SharedOutmail OUTMAIL = new SharedOutmail();

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String PREFIX = "log-format.";
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String WORD = "A retry header is no good";

    private final JsonMapper json = new JsonMapper();

    @TempDir Path folder;

    @Test
    void linesAreJsonAndNameTheEventAndItsTrace() throws Exception {
        var config =
                Files.writeString(
                                folder.resolve("deployment"),
                                """
                                kafka.bootstrap.servers=%s
                                topics.prefix=%s
                                http.address=127.0.0.1
                                http.port=0
                                """
                                        .formatted(OUTMAIL.up().kafka(), PREFIX))
                        .toString();
        run("topics", "apply", "--partitions", "1", "--config", config);
        run("settings", "set", "--connection", "silent", "--config", config);
        var environment = Map.of("OUTMAIL_LOG_FORMAT", "json");
        try (var worker = OutmailCommand.start(environment, "worker", "--config", config)) {
            publishWithABadRetryHeader(OUTMAIL.up().kafka());
            worker.awaitOutput(WORD, PATIENCE);
            Await.until(
                    PATIENCE,
                    () -> log(config).contains(" silenced "),
                    () -> "the mail is silenced; the log has: " + log(config));

            var output = worker.output();
            var lines = lines(output);
            assertThat(output).doesNotContain("ada@example.org", "the subject", "the text");
            assertThat(output.lines()).noneMatch(line -> line.matches("\\d{4}-\\d\\d-\\d\\dT.*"));
            assertThat(lines)
                    .extracting(line -> line.get("formattedMessage").asString())
                    .contains("Worker started", "Settings read");
            var about =
                    lines.stream()
                            .filter(line ->
                                    line.get("formattedMessage").asString().startsWith(WORD))
                            .findFirst()
                            .orElseThrow();
            assertThat(about.at("/level").asString()).isEqualTo("WARN");
            assertThat(about.at("/mdc/event").asString()).isEqualTo("/log-format#traced");
            assertThat(about.at("/mdc/trace").asString()).isEqualTo(TRACE);
            assertThat(about.at("/kvpList").toString()).contains("\"problem\"");
        }
    }

    private static void run(String... command) {
        var ran = OUTMAIL.up().run(command);
        assertThat(ran.exitCode()).as(ran.output()).isZero();
    }

    private static String log(String config) {
        return OUTMAIL.up().run("log", "--event", "traced", "--config", config).output();
    }

    private static void publishWithABadRetryHeader(String kafka) throws Exception {
        var event =
                """
                {"id": "traced", "source": "/log-format", "from": "a@example.com", "to": ["ada@example.org"], "subject": "the subject", "text": "the text"}
                """;
        var record = new ProducerRecord<byte[], byte[]>(PREFIX + "events", event.getBytes(UTF_8));
        record.headers()
                .add("outmail-retry", "nonsense".getBytes(UTF_8))
                .add("traceparent", ("00-" + TRACE + "-b7ad6b7169203331-01").getBytes(UTF_8));
        try (var producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", kafka),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            producer.send(record).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private List<JsonNode> lines(String output) {
        return output.lines().filter(line -> line.startsWith("{")).map(json::readTree).toList();
    }
}
