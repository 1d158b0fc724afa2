package dev.outmail.testkit.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outmail.broker.BrokerNotStarted;
import dev.outmail.broker.EmbeddedBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class KafkaProcessIT {
    @TempDir Path data;

    @Test
    void whatWasAcknowledgedSurvivesAKill() throws Exception {
        try (var kafka = KafkaProcess.start(data, 0);
                var admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
                var producer = producer(kafka)) {
            admin.createTopics(List.of(new NewTopic("topic", 1, (short) 1))).all().get();
            producer.send(new ProducerRecord<>("topic", "before")).get();

            kafka.kill();
            kafka.startAgain();

            assertThat(producer.send(new ProducerRecord<>("topic", "after")).get().offset())
                    .isEqualTo(1);
        }
    }

    @Test
    void aFolderIsRefusedWhileAnotherProcessUsesIt() {
        try (var kafka = KafkaProcess.start(data, 0)) {
            assertThatThrownBy(() -> EmbeddedBroker.start(EmbeddedBroker.Options.in(data)))
                    .isInstanceOf(BrokerNotStarted.class)
                    .hasMessageContaining("belongs to a running broker");

            assertThat(kafka.program().isRunning()).isTrue();
        }
    }

    @Test
    void aBrokerAskedToEndEndsInOrder() {
        var kafka = KafkaProcess.start(data, 0);

        kafka.close();

        assertThat(kafka.program().awaitExit(Duration.ofSeconds(1))).isEqualTo(143);
        try (var next = EmbeddedBroker.start(EmbeddedBroker.Options.in(data))) {
            assertThat(next.failure()).isNotDone();
        }
    }

    @Test
    void aBrokerThatCannotStartSaysWhy() {
        try (var kafka = KafkaProcess.start(data.resolve("one"), 0)) {
            int taken = Integer.parseInt(kafka.bootstrapServers().split(":")[1]);

            assertThatThrownBy(() -> KafkaProcess.start(data.resolve("two"), taken))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("port %d on 127.0.0.1 is taken", taken);
        }
    }

    private static KafkaProducer<String, String> producer(KafkaProcess kafka) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new StringSerializer(),
                new StringSerializer());
    }
}
