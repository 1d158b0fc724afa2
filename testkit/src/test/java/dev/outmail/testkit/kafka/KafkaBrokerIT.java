package dev.outmail.testkit.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outmail.testkit.Await;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What tests may rely on, on whichever broker they run.
class KafkaBrokerIT {
    @RegisterExtension static final KafkaBroker KAFKA = new KafkaBroker();

    private static final Set<String> PREFIXES_SEEN = new HashSet<>();

    @Test
    void whatIsSentIsRead() {
        String topic = KAFKA.createTopic(KAFKA.topic("events"), 3, Map.of());

        KAFKA.send(topic, "key", "value");
        KAFKA.send(topic, "gone", null);

        assertThat(KAFKA.readAll(topic))
                .extracting(record -> text(record.key()))
                .containsExactlyInAnyOrder("key", "gone");
        assertThat(KAFKA.awaitRecords(topic, 2, Duration.ofSeconds(10))).hasSize(2);
    }

    @Test
    void anEmptyTopicIsReadAsEmpty() {
        String topic = KAFKA.createTopic(KAFKA.topic("events"));

        assertThat(KAFKA.readAll(topic)).isEmpty();
    }

    @Test
    void aMissingTopicIsNotTakenForAnEmptyOne() {
        String topic = KAFKA.topic("missing");

        assertThatThrownBy(() -> KAFKA.awaitRecords(topic, 0, Duration.ofMillis(100)))
                .isInstanceOf(AssertionError.class)
                .hasMessage("not within PT0.1S: the topic %s exists", topic);
    }

    @Test
    void recordsThatDoNotComeAreCounted() {
        String topic = KAFKA.createTopic(KAFKA.topic("events"));
        KAFKA.send(topic, "key", "value");

        assertThatThrownBy(() -> KAFKA.awaitRecords(topic, 2, Duration.ofMillis(200)))
                .isInstanceOf(AssertionError.class)
                .hasMessage("not within PT0.2S: 2 records on %s; there are 1", topic);
    }

    @Test
    void whatWasAbortedIsNotRead() throws Exception {
        String topic = KAFKA.createTopic(KAFKA.topic("events"));
        var config =
                Map.<String, Object>of(
                        "bootstrap.servers",
                        KAFKA.bootstrapServers(),
                        "transactional.id",
                        KAFKA.prefix() + "writer");
        try (var producer =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(topic, bytes("aborted"))).get();
            producer.abortTransaction();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(topic, bytes("committed"))).get();
            producer.commitTransaction();
        }

        assertThat(KAFKA.readAll(topic))
                .extracting(record -> text(record.value()))
                .containsExactly("committed");
    }

    @Test
    void aTopicTakesRecordsOfTenMebibytes() {
        String topic =
                KAFKA.createTopic(
                        KAFKA.topic("events"), 1, Map.of("max.message.bytes", "11534336"));
        byte[] value = new byte[10 * 1024 * 1024];

        KAFKA.send(new ProducerRecord<>(topic, value));

        assertThat(KAFKA.readAll(topic))
                .singleElement()
                .satisfies(record -> assertThat(record.value()).isEqualTo(value));
    }

    @Test
    void aGroupGetsItsPartitionsWithoutDelay() {
        String topic = KAFKA.createTopic(KAFKA.topic("events"));
        KAFKA.send(topic, "key", "value");
        var config =
                Map.<String, Object>of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        KAFKA.bootstrapServers(),
                        ConsumerConfig.GROUP_ID_CONFIG,
                        KAFKA.prefix() + "group",
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest");

        try (var consumer =
                new KafkaConsumer<>(
                        config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(topic));

            Await.until(
                    Duration.ofSeconds(10),
                    () -> !consumer.poll(Duration.ofMillis(50)).isEmpty(),
                    "a record for the group");
        }
    }

    @RepeatedTest(3)
    void eachTestHasNamesOfItsOwn() {
        assertThat(PREFIXES_SEEN.add(KAFKA.prefix())).isTrue();
        assertThat(KAFKA.prefix()).matches("KafkaBrokerIT-\\d+\\.");

        KAFKA.createTopic(KAFKA.topic("events"));
    }

    @Nested
    class ANestedClass {
        @Test
        void usesTheSameBroker() {
            KAFKA.send(KAFKA.createTopic(KAFKA.topic("events")), "key", "value");
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
