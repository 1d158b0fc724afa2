package dev.outmail.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.kafka.TopicAdmin;
import dev.outmail.mail.EventLimits;
import dev.outmail.mail.MailEvent;
import dev.outmail.settings.Connection;
import dev.outmail.settings.Settings;
import dev.outmail.settings.SettingsStore;
import dev.outmail.testkit.Await;
import dev.outmail.testkit.kafka.KafkaBroker;
import dev.outmail.testkit.kafka.KafkaProcess;
import dev.outmail.testkit.smtp.ScriptedSmtpServer;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a worker says of how it is: quickly, whatever is wrong.
class HealthIT {
    @RegisterExtension static final KafkaBroker KAFKA = new KafkaBroker();

    private static final Duration AT_ONCE = Duration.ofSeconds(5);

    private final JsonMapper json = new JsonMapper();
    private Site site;
    private @Nullable KafkaProcess broker;

    @BeforeEach
    void prepare() throws InterruptedException {
        site = Site.with(KAFKA, 1);
    }

    @AfterEach
    void close() {
        site.close();
        if (broker != null) {
            broker.close();
        }
    }

    @Test
    void aWorkerIsReadyThatHoldsPartitionsOrStandsBy() throws Exception {
        var first = site.start();
        awaitStatus(first, 503, "down");
        site.save(new Connection.Silent());
        awaitStatus(first, 200, "up");
        var second = site.start(Map.of("worker.id", "worker-2"));

        awaitStatus(second, 200, "up");

        assertThat(detail(first, "partitions") + " " + detail(second, "partitions"))
                .contains("1 partitions held", "standing by");
        var live = site.get(first, "/health/live");
        assertThat(live.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(live.statusCode()).isEqualTo(200);
    }

    @Test
    void aServerThatIsDownMakesNoWorkerUnready() throws Exception {
        try (var server = ScriptedSmtpServer.start()) {
            var worker = site.start(Map.of("worker.drain-timeout", "100ms"));
            site.save(Site.smtp(server.port()));
            server.stop();
            site.publish(Site.mail("1"));

            awaitStatus(worker, 200, "degraded");

            assertThat(detail(worker, "servers"))
                    .isEqualTo("localhost:" + server.port() + "/none/-: unreachable");
        }
    }

    @Test
    void aFrozenBrokerMakesAWorkerUnreadyAndNoCheckHangs(@TempDir Path folder) throws Exception {
        var frozen = KafkaProcess.start(folder, 0);
        broker = frozen;
        var worker = startAt(frozen.bootstrapServers());
        awaitStatus(worker, 200, "up");

        frozen.program().freeze();
        awaitStatus(worker, 503, "down");
        assertThat(detail(worker, "kafka")).startsWith("no answer for");
        assertThat(quickly(worker, "/health/live").statusCode()).isEqualTo(200);
        assertThat(quickly(worker, "/metrics").body()).contains("outmail_partitions 1.0");

        frozen.program().thaw();
        awaitStatus(worker, 200, "up");
    }

    private Worker startAt(String bootstrapServers) throws Exception {
        var kafka = Map.of("kafka.bootstrap.servers", bootstrapServers);
        var deployment = site.deployment(kafka);
        try (var admin = deployment.clients("test").admin()) {
            var topics = new TopicAdmin(admin);
            var specs = site.topics().specs(1, EventLimits.DEFAULT.maxBytes());
            topics.apply(topics.compare(specs), Optional.empty());
        }
        new SettingsStore(deployment.clients("test"), site.topics())
                .update(MailEvent.DEFAULT_PROFILE, before -> Settings.INITIAL);
        return site.start(kafka);
    }

    private void awaitStatus(Worker worker, int status, String word) {
        Await.until(
                Site.PATIENCE,
                () -> {
                    var answer = quickly(worker, "/health/ready");
                    return answer.statusCode() == status
                            && json(answer).get("status").asString().equals(word);
                },
                () -> word + "; it is " + body(worker));
    }

    private HttpResponse<String> quickly(Worker worker, String path) throws Exception {
        long begun = System.nanoTime();
        var answer = site.get(worker, path);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(AT_ONCE);
        return answer;
    }

    private String body(Worker worker) {
        try {
            return site.get(worker, "/health/ready").body();
        } catch (Exception e) {
            return e.toString();
        }
    }

    private String detail(Worker worker, String component) throws Exception {
        return json(quickly(worker, "/health/ready"))
                .at("/components/" + component + "/detail")
                .asString();
    }

    private JsonNode json(HttpResponse<String> answer) {
        return json.readTree(answer.body());
    }
}
