package dev.outmail.producer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.kafka.KafkaClients;
import dev.outmail.kafka.TopicAdmin;
import dev.outmail.kafka.Topics;
import dev.outmail.mail.EventLimits;
import dev.outmail.mail.MailEvent;
import dev.outmail.settings.Connection.Security;
import dev.outmail.settings.Connection.SmtpServer;
import dev.outmail.settings.SettingsStore;
import dev.outmail.testkit.kafka.KafkaBroker;
import dev.outmail.testkit.smtp.ScriptedSmtpServer;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The example of docs/testing.md.
class TaskMailIT {
    @RegisterExtension static final KafkaBroker KAFKA = KafkaBroker.inContainer();

    @BeforeEach
    void makeTopics() throws InterruptedException {
        var topics = new TopicAdmin(KAFKA.admin());
        var specs = new Topics(KAFKA.prefix()).specs(1, EventLimits.DEFAULT.maxBytes());
        topics.apply(topics.compare(specs), Optional.empty());
    }

    private static Outmail connect() {
        return Outmail.connect(
                Map.of(
                        "kafka.bootstrap.servers", KAFKA.bootstrapServers(),
                        "topics.prefix", KAFKA.prefix()));
    }

    private static MailEvent mail(String id) {
        return MailEvent.builder()
                .source("/projects")
                .id(id)
                .from("projects@example.com")
                .to("Ada Lovelace <ada@example.org>")
                .subject("You have a new task")
                .text("Hello Ada")
                .build();
    }

    @Test
    void aNewTaskIsMailedInTheBackground() {
        try (Outmail mail = connect()) {
            mail.publish(mail("task-42")).join();
        }

        assertThat(KAFKA.readAll(KAFKA.topic("events"))).hasSize(1);
    }

    @Test
    void anAlarmIsMailedAtOnce() throws Exception {
        try (var server = ScriptedSmtpServer.start()) {
            sendThrough(server.port());

            try (Outmail mail = connect()) {
                mail.deliverNow(mail("alarm-7"));
            }

            assertThat(server.received()).hasSize(1);
        }
    }

    /// As `outmail settings set` does.
    private static void sendThrough(int port) {
        var kafka = new KafkaClients(Map.of("bootstrap.servers", KAFKA.bootstrapServers()), "test");
        var store = new SettingsStore(kafka, new Topics(KAFKA.prefix()));
        var server = new SmtpServer("localhost", port, Security.NONE, null, 10, null);
        var saved = store.update("default", settings -> settings.withConnection(server));
        store.awaitReadable(((SettingsStore.Saved.Ok) saved).settings());
    }
}
