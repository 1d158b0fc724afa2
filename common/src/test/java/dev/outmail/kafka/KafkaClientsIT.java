package dev.outmail.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.testkit.Await;
import dev.outmail.testkit.kafka.KafkaBroker;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class KafkaClientsIT {
    @RegisterExtension static final KafkaBroker KAFKA = new KafkaBroker();

    private static final Duration SOON = Duration.ofSeconds(20);

    private final KafkaClients clients =
            new KafkaClients(Map.of("bootstrap.servers", KAFKA.bootstrapServers()), "test");

    @Test
    void aConsumerGoesOnBehindWhatRetentionTookAway() throws Exception {
        var partition = new TopicPartition(KAFKA.createTopic(KAFKA.topic("log")), 0);
        for (var value : List.of("gone", "gone, too", "kept", "kept, too")) {
            KAFKA.send(partition.topic(), null, value);
        }
        KAFKA.admin().deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(2))).all().get();

        try (var consumer = clients.consumer("log", Map.of())) {
            consumer.assign(List.of(partition));
            consumer.seek(partition, 0);

            assertThat(read(consumer, 2)).containsExactly("kept", "kept, too");
        }
    }

    @Test
    void aConsumerSeesNothingOfATransactionThatWasAborted() {
        var partition = new TopicPartition(KAFKA.createTopic(KAFKA.topic("settings")), 0);
        var transactional = Map.of("transactional.id", KAFKA.prefix() + "writer");
        try (var producer = clients.producer("settings", transactional)) {
            producer.initTransactions();
            producer.beginTransaction();
            var _ = producer.send(new ProducerRecord<>(partition.topic(), bytes("aborted")));
            producer.flush();
            producer.abortTransaction();
        }
        KAFKA.send(partition.topic(), null, "kept");

        try (var consumer = clients.consumer("settings", Map.of())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));

            assertThat(read(consumer, 1)).containsExactly("kept");
        }
    }

    private static List<String> read(Consumer<byte[], byte[]> consumer, int count) {
        var values = new ArrayList<String>();
        Await.until(
                SOON,
                () -> {
                    consumer.poll(Duration.ofMillis(100))
                            .forEach(
                                    r -> values.add(new String(r.value(), StandardCharsets.UTF_8)));
                    return values.size() >= count;
                },
                () -> count + " records; there are " + values);
        return values;
    }

    /// Nor those that come at each start anew.
    @Test
    void aRecordThatCanNotBeTakenInKeepsNoneAwayThatCameAfterIt() throws Exception {
        var topic = KAFKA.createTopic(KAFKA.topic("breakers"));
        KAFKA.send(topic, null, "bad");
        KAFKA.send(topic, null, "good");
        var read = new CompletableFuture<String>();
        var follower =
                new TopicTail.Follower() {
                    @Override
                    public void began() {}

                    @Override
                    public void read(ConsumerRecord<byte[], byte[]> record) {
                        var value = new String(record.value(), StandardCharsets.UTF_8);
                        if (value.equals("bad")) {
                            throw new IllegalArgumentException("can't be taken in");
                        }
                        read.complete(value);
                    }

                    @Override
                    public void isUpToDate() {}
                };
        try (var tail = new TopicTail(() -> clients.consumer("tail", Map.of()), topic, follower)) {
            Thread.ofPlatform().name("tail").start(tail);

            assertThat(read.get(SOON.toSeconds(), TimeUnit.SECONDS)).isEqualTo("good");
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
