package dev.outmail.console.audit;

import dev.outmail.console.web.Visitor;
import dev.outmail.delivery.Printable;
import dev.outmail.kafka.KafkaClients;
import dev.outmail.kafka.TopicReader;
import dev.outmail.kafka.Topics;
import dev.outmail.wire.Json;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Who did what, on a topic of its own. An action is written down, acknowledged, before it is
/// begun: what can't be written down is not done. For many threads.
public final class AuditTrail implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Map<String, String> BRIEF_FETCHES = Map.of("fetch.max.wait.ms", "10");
    private static final int MAX_BYTES = 64 * 1024;
    private static final JsonMapper JSON = Json.mapper(MAX_BYTES);

    private final KafkaClients clients;
    private final String topic;
    private final Producer<byte[], byte[]> producer;

    public AuditTrail(KafkaClients clients, Topics topics) {
        this.clients = clients;
        this.topic = topics.audit();
        this.producer =
                clients.producer(
                        "audit",
                        Map.of(
                                "max.block.ms",
                                "5000",
                                "linger.ms",
                                "0",
                                "buffer.memory",
                                "1048576"));
    }

    /// Writes down what whoever sent the request is about to do.
    public void record(Context context, String action, String target, String detail) {
        record(Visitor.of(context).name(), context, action, target, detail);
    }

    /// The same of somebody who is not logged in, or not yet.
    ///
    /// @throws KafkaException when it can't be written down
    public void record(String by, Context context, String action, String target, String detail) {
        var json = JSON.createObjectNode();
        json.put("by", Printable.of(by));
        json.put("from", Printable.of(context.ip()));
        json.put("action", action);
        json.put("target", Printable.of(target));
        json.put("detail", Printable.of(detail));
        var key = by.getBytes(StandardCharsets.UTF_8);
        try {
            var _ =
                    producer.send(new ProducerRecord<>(topic, 0, key, JSON.writeValueAsBytes(json)))
                            .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new KafkaException("what was to be done can't be written down", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException(e);
        }
    }

    /// What was done since, newest first, and no more than this.
    public List<AuditEntry> since(Instant since, int atMost) {
        var entries = new ArrayList<AuditEntry>();
        try (var records = new TopicReader(clients.consumer("audit", BRIEF_FETCHES), topic)) {
            records.toEnd(
                    records.since(since),
                    record -> {
                        entry(record).ifPresent(entries::add);
                        if (entries.size() > atMost) {
                            entries.removeFirst();
                        }
                    });
        }
        return entries.reversed();
    }

    private static Optional<AuditEntry> entry(ConsumerRecord<byte[], byte[]> record) {
        try {
            var json = JSON.readTree(record.value());
            return Optional.of(
                    new AuditEntry(
                            Instant.ofEpochMilli(record.timestamp()),
                            json.path("by").asString(""),
                            json.path("from").asString(""),
                            json.path("action").asString(""),
                            json.path("target").asString(""),
                            json.path("detail").asString("")));
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        producer.close(PATIENCE);
    }
}
