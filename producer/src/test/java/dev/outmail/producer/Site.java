package dev.outmail.producer;

import dev.outmail.config.DeploymentReader;
import dev.outmail.kafka.KafkaClients;
import dev.outmail.kafka.TopicAdmin;
import dev.outmail.kafka.Topics;
import dev.outmail.mail.EventLimits;
import dev.outmail.mail.MailEvent;
import dev.outmail.mail.MailEventBuilder;
import dev.outmail.settings.Connection;
import dev.outmail.settings.Connection.Security;
import dev.outmail.settings.Settings;
import dev.outmail.settings.SettingsStore;
import dev.outmail.settings.Timing;
import dev.outmail.testkit.Await;
import dev.outmail.wire.LogEntry;
import dev.outmail.wire.LogEntryCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/// Topics of a test's own, and what is saved and read there.
final class Site {
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private final String bootstrapServers;
    private final Topics topics;
    private final KafkaClients clients;

    Site(String bootstrapServers, String prefix) {
        this.bootstrapServers = bootstrapServers;
        this.topics = new Topics(prefix);
        this.clients =
                new KafkaClients(
                        Map.of("bootstrap.servers", bootstrapServers, "fetch.max.wait.ms", "50"),
                        "test");
    }

    static Site with(String bootstrapServers, String prefix) throws InterruptedException {
        var site = new Site(bootstrapServers, prefix);
        try (var admin = site.clients.admin()) {
            var topicAdmin = new TopicAdmin(admin);
            var specs = site.topics.specs(2, EventLimits.DEFAULT.maxBytes());
            topicAdmin.apply(topicAdmin.compare(specs), Optional.empty());
        }
        return site;
    }

    Topics topics() {
        return topics;
    }

    Outmail connect() {
        return connect(Map.of());
    }

    Outmail connect(Map<String, String> more) {
        var config =
                new HashMap<>(
                        Map.of(
                                "kafka.bootstrap.servers",
                                bootstrapServers,
                                // closing waits for a fetch that is under way
                                "kafka.fetch.max.wait.ms",
                                "50",
                                "topics.prefix",
                                topics.prefix(),
                                "worker.id",
                                "app-1",
                                "smtp.localhost",
                                "app.example"));
        config.putAll(more);
        return Outmail.connect(DeploymentReader.read(config, Map.of()));
    }

    void save(Connection connection, Timing timing) {
        save(MailEvent.DEFAULT_PROFILE, connection, timing);
    }

    void save(String profile, Connection connection, Timing timing) {
        save(profile, Settings.INITIAL.withConnection(connection).withTiming(timing));
    }

    /// Returns when others can read it, which is a moment after the save is safe.
    void save(String profile, Settings settings) {
        var store = new SettingsStore(clients, topics);
        var saved = (SettingsStore.Saved.Ok) store.update(profile, before -> settings);
        Await.until(
                PATIENCE,
                () -> store.read().profile(profile).equals(Optional.of(saved.settings())),
                "the settings can be read");
    }

    /// All that a topic holds now.
    List<ConsumerRecord<byte[], byte[]>> readAll(String topic) {
        try (var consumer = clients.consumer("reader", Map.of())) {
            consumer.assign(
                    consumer.partitionsFor(topic).stream()
                            .map(info -> new TopicPartition(topic, info.partition()))
                            .toList());
            consumer.seekToBeginning(consumer.assignment());
            var ends = consumer.endOffsets(consumer.assignment());
            var records = new ArrayList<ConsumerRecord<byte[], byte[]>>();
            Await.until(
                    PATIENCE,
                    () -> {
                        consumer.poll(Duration.ofMillis(100)).forEach(records::add);
                        return ends.entrySet().stream()
                                .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
                    },
                    "the end of " + topic);
            return records;
        }
    }

    static Connection.SmtpServer smtp(int port) {
        return new Connection.SmtpServer("localhost", port, Security.NONE, null, 10, null);
    }

    static LogEntry logEntry(ConsumerRecord<byte[], byte[]> record) {
        return LogEntryCodec.decode(record.value()).orElseThrow();
    }

    static MailEventBuilder mail(String id) {
        return MailEvent.builder()
                .id(id)
                .source("/tests")
                .from("Projects <projects@example.com>")
                .to("Ada <ada@example.org>")
                .subject("Subject of " + id)
                .text("Text of " + id);
    }
}
