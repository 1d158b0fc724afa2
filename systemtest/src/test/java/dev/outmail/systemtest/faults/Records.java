package dev.outmail.systemtest.faults;

import dev.outmail.kafka.Headers;
import dev.outmail.kafka.KafkaClients;
import dev.outmail.mail.EventId;
import dev.outmail.mail.EventLimits;
import dev.outmail.testkit.Await;
import dev.outmail.wire.Decoded;
import dev.outmail.wire.EventCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.jspecify.annotations.Nullable;

/// Topics as anybody with a Kafka client sees them. For one thread.
final class Records implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final KafkaClients clients;
    private final Admin admin;
    private final Producer<byte[], byte[]> producer;

    Records(KafkaClients clients) {
        this.clients = clients;
        admin = clients.admin();
        producer =
                clients.producer(
                        "raw", Map.of("max.request.size", "16777216", "max.block.ms", "30000"));
    }

    Admin admin() {
        return admin;
    }

    /// Writes a record and waits until it is acknowledged.
    void send(String topic, byte @Nullable [] value) {
        try {
            producer.send(new ProducerRecord<>(topic, value))
                    .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("not written to " + topic, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /// All that a topic holds now.
    List<ConsumerRecord<byte[], byte[]>> all(String topic) {
        try (var consumer = clients.consumer("read-all", Map.of("fetch.max.wait.ms", "20"))) {
            var partitions =
                    consumer.partitionsFor(topic).stream()
                            .map(info -> new TopicPartition(topic, info.partition()))
                            .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            var records = new ArrayList<ConsumerRecord<byte[], byte[]>>();
            Await.until(
                    PATIENCE,
                    () -> {
                        consumer.poll(Duration.ofMillis(50)).forEach(records::add);
                        return ends.entrySet().stream()
                                .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
                    },
                    () -> "the end of " + topic + " " + ends);
            return records;
        }
    }

    /// How many records on the events topic are of an event that another one there is of, but for
    /// retries.
    int repeatedEvents(String topic) {
        var codec = new EventCodec(EventLimits.DEFAULT);
        var ids = new HashSet<EventId>();
        int repeated = 0;
        for (var record : all(topic)) {
            if (record.headers().lastHeader(Headers.RETRY) == null
                    && codec.decode(record.value(), record.headers()) instanceof Decoded.Ok ok
                    && !ids.add(ok.event().id())) {
                repeated++;
            }
        }
        return repeated;
    }

    /// From now on the broker refuses what is written to this topic. (To ask for two replicas where
    /// there is one does not do it: brokers ask for no more than there are.)
    void makeUnwritable(String topic) {
        alter(topic, "max.message.bytes", "1");
    }

    void makeWritable(String topic) {
        alter(topic, "max.message.bytes", "16777216");
    }

    /// From now on the broker may delete what this topic has had for longer.
    void keepFor(String topic, Duration retention) {
        alter(topic, "retention.ms", Long.toString(retention.toMillis()));
    }

    /// How many records of this topic the broker deleted so far.
    long deleted(String topic) {
        try (var consumer = clients.consumer("deleted", Map.of())) {
            var partitions =
                    consumer.partitionsFor(topic).stream()
                            .map(info -> new TopicPartition(topic, info.partition()))
                            .toList();
            return consumer.beginningOffsets(partitions).values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
        }
    }

    private void alter(String topic, String key, String value) {
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        var set = new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET);
        OffsetWatch.answer(admin.incrementalAlterConfigs(Map.of(resource, List.of(set))).all());
    }

    /// Deletes the topics whose names start so, and waits for nothing.
    void deleteTopics(String prefix) {
        var names =
                OffsetWatch.answer(admin.listTopics().names()).stream()
                        .filter(name -> name.startsWith(prefix))
                        .toList();
        admin.deleteTopics(names);
    }

    @Override
    public void close() {
        producer.close(Duration.ZERO);
        admin.close();
    }
}
