package dev.outmail.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class EmbeddedBrokerIT {
    @TempDir Path data;

    @Test
    void dataSurviveRestartsOnWhateverPort() throws Exception {
        String cluster;
        int port;
        try (var first = EmbeddedBroker.start(EmbeddedBroker.Options.in(data))) {
            createTopic(first, Map.of());
            send(first, "one");
            cluster = first.clusterId();
            port = first.kafkaPort();
        }

        try (var onAnotherPort = EmbeddedBroker.start(EmbeddedBroker.Options.in(data))) {
            assertThat(onAnotherPort.clusterId()).isEqualTo(cluster);
            assertThat(values(onAnotherPort, "read_committed")).containsExactly("one");
            send(onAnotherPort, "two");
        }
        try (var onTheFirstPort =
                EmbeddedBroker.start(EmbeddedBroker.Options.in(data).withKafkaPort(port))) {
            assertThat(onTheFirstPort.bootstrapServers()).isEqualTo("127.0.0.1:" + port);
            assertThat(onTheFirstPort.clusterId()).isEqualTo(cluster);
            assertThat(values(onTheFirstPort, "read_committed")).containsExactly("one", "two");
        }
    }

    @Test
    void aTransactionIsSeenWholeOrNotAtAll() throws Exception {
        try (var broker = EmbeddedBroker.start(EmbeddedBroker.Options.in(data));
                var producer = producer(broker, Map.of("transactional.id", "writer"))) {
            createTopic(broker, Map.of());
            producer.initTransactions();

            producer.beginTransaction();
            producer.send(new ProducerRecord<>("topic", "key", "aborted")).get();
            producer.abortTransaction();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("topic", "key", "committed")).get();
            producer.commitTransaction();

            assertThat(values(broker, "read_committed")).containsExactly("committed");
            assertThat(values(broker, "read_uncommitted")).containsExactly("aborted", "committed");
        }
    }

    @Test
    void aTopicMayBeCompactedAndTakeLargeRecords() throws Exception {
        try (var broker = EmbeddedBroker.start(EmbeddedBroker.Options.in(data));
                var admin = admin(broker)) {
            int largestRecordBytes = 11 * 1024 * 1024;
            createTopic(
                    broker,
                    Map.of(
                            "cleanup.policy", "compact,delete",
                            "max.compaction.lag.ms", "60000",
                            "max.message.bytes", String.valueOf(largestRecordBytes)));

            send(broker, "x".repeat(10 * 1024 * 1024));

            var topic = new ConfigResource(ConfigResource.Type.TOPIC, "topic");
            var configs = admin.describeConfigs(List.of(topic)).all().get();
            assertThat(configs.values())
                    .singleElement()
                    .extracting(config -> config.get("cleanup.policy").value())
                    .isEqualTo("compact,delete");
            assertThat(values(broker, "read_committed"))
                    .singleElement()
                    .satisfies(value -> assertThat(value).hasSize(10 * 1024 * 1024));
        }
    }

    @Test
    void aTakenPortIsNamed() throws IOException {
        try (var other = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            var options = EmbeddedBroker.Options.in(data).withKafkaPort(other.getLocalPort());

            assertThatThrownBy(() -> EmbeddedBroker.start(options))
                    .isInstanceOf(BrokerNotStarted.class)
                    .hasMessageContaining("port %d on 127.0.0.1 is taken", other.getLocalPort());
        }
    }

    @Test
    void aFolderBelongsToOneBrokerAtATime() {
        try (var broker = EmbeddedBroker.start(EmbeddedBroker.Options.in(data))) {
            assertThatThrownBy(() -> EmbeddedBroker.start(EmbeddedBroker.Options.in(data)))
                    .isInstanceOf(BrokerNotStarted.class)
                    .hasMessageContaining("%s belongs to a running broker", data);

            assertThat(broker.failure()).isNotDone();
        }
    }

    @Test
    void aFolderThatCannotBeWrittenIsNamed() throws IOException {
        Path file = Files.writeString(data.resolve("file"), "not a folder");

        assertThatThrownBy(() ->
                        EmbeddedBroker.start(EmbeddedBroker.Options.in(file.resolve("broker"))))
                .isInstanceOf(BrokerNotStarted.class)
                .hasMessageContaining("the data folder %s/broker can't be written", file);
    }

    @Test
    void overridesAreTakenOrRefusedByName() throws Exception {
        var options = EmbeddedBroker.Options.in(data);

        assertThatThrownBy(
                        () -> EmbeddedBroker.start(options.withOverrides(Map.of("log.dirs", "/"))))
                .hasMessageContaining("log.dirs is the embedded broker's own");
        assertThatThrownBy(
                        () -> EmbeddedBroker.start(options.withOverrides(Map.of("log.dris", "/"))))
                .hasMessageContaining("log.dris is not a broker setting");
        try (var broker =
                        EmbeddedBroker.start(
                                options.withOverrides(
                                        Map.of("auto.create.topics.enable", "true")));
                var producer = producer(broker, Map.of())) {
            producer.send(new ProducerRecord<>("made-on-demand", "value")).get();
        }
    }

    @Test
    void aRefusedStartLeavesPortAndFolderFree() throws Exception {
        var options = EmbeddedBroker.Options.in(data);
        var refused = options.withOverrides(Map.of("authorizer.class.name", "none.Such"));

        assertThatThrownBy(() -> EmbeddedBroker.start(refused))
                .isInstanceOf(BrokerNotStarted.class)
                .hasMessageContaining("none.Such");

        try (var broker = EmbeddedBroker.start(options)) {
            createTopic(broker, Map.of());
        }
    }

    @Test
    void aTopicIsNotMadeByWritingToIt() {
        try (var broker = EmbeddedBroker.start(EmbeddedBroker.Options.in(data));
                var producer = producer(broker, Map.of("max.block.ms", 500))) {
            assertThatThrownBy(() -> producer.send(new ProducerRecord<>("unknown", "value")).get())
                    .isInstanceOf(ExecutionException.class)
                    .hasMessageContaining("Topic unknown not present");
        }
    }

    @Test
    void aBrokerThatLosesItsDiskSaysSoAndTheJvmLives() throws Exception {
        try (var broker = EmbeddedBroker.start(EmbeddedBroker.Options.in(data))) {
            Files.move(data.resolve("logs"), data.resolve("gone"));

            try (var admin = admin(broker)) {
                admin.createTopics(List.of(new NewTopic("topic", 1, (short) 1)));
                assertThat(broker.failure().get(30, TimeUnit.SECONDS)).isNotNull();
            }
        }
    }

    private static void createTopic(EmbeddedBroker broker, Map<String, String> config)
            throws Exception {
        try (var admin = admin(broker)) {
            var topic = new NewTopic("topic", 1, (short) 1).configs(config);
            admin.createTopics(List.of(topic)).all().get();
        }
    }

    private static void send(EmbeddedBroker broker, String value) throws Exception {
        try (var producer = producer(broker, Map.of("max.request.size", 16 * 1024 * 1024))) {
            producer.send(new ProducerRecord<>("topic", "key", value)).get();
        }
    }

    private static List<String> values(EmbeddedBroker broker, String isolation) {
        var config = clientConfig(broker, Map.of("isolation.level", isolation));
        try (var consumer =
                new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
            var partition = new TopicPartition("topic", 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            var values = new ArrayList<String>();
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(100)).records(partition).stream()
                        .map(ConsumerRecord::value)
                        .forEach(values::add);
            }
            return values;
        }
    }

    private static KafkaProducer<String, String> producer(
            EmbeddedBroker broker, Map<String, Object> more) {
        return new KafkaProducer<>(
                clientConfig(broker, more), new StringSerializer(), new StringSerializer());
    }

    private static Admin admin(EmbeddedBroker broker) {
        return Admin.create(clientConfig(broker, Map.of()));
    }

    private static Properties clientConfig(EmbeddedBroker broker, Map<String, Object> more) {
        var config = new Properties();
        config.put("bootstrap.servers", broker.bootstrapServers());
        config.putAll(more);
        return config;
    }
}
