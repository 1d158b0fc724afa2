package dev.outmail.spring.tasks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.outmail.kafka.KafkaClients;
import dev.outmail.kafka.TopicAdmin;
import dev.outmail.kafka.Topics;
import dev.outmail.mail.EventLimits;
import dev.outmail.mail.MailEvent;
import dev.outmail.settings.Connection;
import dev.outmail.settings.SettingsStore;
import dev.outmail.testkit.Await;
import dev.outmail.testkit.kafka.KafkaBroker;
import dev.outmail.wire.Decoded;
import dev.outmail.wire.EventCodec;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.mail.javamail.JavaMailSender;
import org.springframework.mail.javamail.MimeMessageHelper;

/// A whole application of Spring Boot and a real Kafka.
class TasksApplicationIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @RegisterExtension static final KafkaBroker KAFKA = new KafkaBroker();

    private final EventCodec codec = new EventCodec(EventLimits.DEFAULT);
    private final HttpClient http = HttpClient.newHttpClient();
    private ConfigurableApplicationContext application;

    @BeforeEach
    void start() throws Exception {
        var kafka = new KafkaClients(Map.of("bootstrap.servers", KAFKA.bootstrapServers()), "test");
        var topics = new Topics(KAFKA.prefix());
        var admin = new TopicAdmin(KAFKA.admin());
        admin.apply(
                admin.compare(topics.specs(1, EventLimits.DEFAULT.maxBytes())), Optional.empty());
        new SettingsStore(kafka, topics)
                .update("default", settings -> settings.withConnection(new Connection.Silent()));
        application =
                SpringApplication.run(
                        TasksApplication.class,
                        "--spring.application.name=projects",
                        "--spring.main.banner-mode=off",
                        "--server.port=0",
                        "--server.address=127.0.0.1",
                        "--management.endpoints.web.exposure.include=health,metrics",
                        "--management.endpoint.health.show-details=always",
                        "--spring.kafka.bootstrap-servers=" + KAFKA.bootstrapServers(),
                        "--outmail.kafka.fetch.max.wait.ms=50",
                        "--outmail.topics.prefix=" + KAFKA.prefix());
    }

    @AfterEach
    void stop() {
        application.close();
    }

    @Test
    void itMailsAfterTheCommitAndByJavaMailSenderAndTellsHowItIs() throws Exception {
        var tasks = application.getBean(Tasks.class);
        tasks.assign(42, "ada@example.org");
        assertThatExceptionOfType(DuplicateKeyException.class)
                .isThrownBy(() -> tasks.assign(42, "bob@example.org"));
        sendAnInvoice(application.getBean(JavaMailSender.class));

        var events = events();
        assertThat(events).hasSize(2);
        assertThat(events.getFirst().id()).hasToString("/projects#task-42-assigned");
        var invoice = events.getLast();
        assertThat(invoice.id().source()).isEqualTo("/projects");
        assertThat(invoice.content()).isInstanceOf(MailEvent.Finished.class);
        assertThat(new String(((MailEvent.Finished) invoice.content()).message().bytes(), UTF_8))
                .contains("multipart/mixed", "invoice.pdf");

        Await.until(PATIENCE, () -> get("health").contains("\"kafka\":\"answers\""), "good health");
        assertThat(get("health"))
                .contains(
                        "\"outmail\":{\"details\":{\"kafka\":\"answers\",\"settings\":\"read\",\"revisions\":{\"default\":1}},\"status\":\"UP\"}")
                .contains("\"mail\":{\"details\":{\"location\":\"outmail\"},\"status\":\"UP\"}");
        assertThat(get("metrics/outmail.client.send?tag=result:queued"))
                .contains("{\"statistic\":\"COUNT\",\"value\":2.0}");
    }

    private static void sendAnInvoice(JavaMailSender sender) throws Exception {
        var message = sender.createMimeMessage();
        var helper = new MimeMessageHelper(message, true);
        helper.setFrom("projects@example.com");
        helper.setTo("ada@example.org");
        helper.setSubject("Ihre Rechnung");
        helper.setText("Grüß Gott", "<p>Grüß <b>Gott</b></p>");
        helper.addAttachment("invoice.pdf", new ByteArrayResource(new byte[100_000]));
        sender.send(message);
    }

    private List<MailEvent> events() {
        return KAFKA.readAll(KAFKA.topic("events")).stream()
                .map(record -> ((Decoded.Ok) codec.decode(record.value())).event())
                .toList();
    }

    private String get(String endpoint) throws Exception {
        var port = application.getEnvironment().getProperty("local.server.port");
        var request =
                HttpRequest.newBuilder(
                                URI.create("http://127.0.0.1:" + port + "/actuator/" + endpoint))
                        .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }
}
