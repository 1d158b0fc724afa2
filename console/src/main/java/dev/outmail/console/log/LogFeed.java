package dev.outmail.console.log;

import dev.outmail.config.Deployment;
import dev.outmail.console.follow.Following;
import dev.outmail.console.log.LogIndex.Item;
import dev.outmail.kafka.KafkaClients;
import dev.outmail.wire.LogEntry;
import dev.outmail.wire.LogEntryCodec;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/// Feeds the index from the log's topic, by a thread of its own: from where it was left, and from
/// the beginning where it is asked to or the topic is another.
final class LogFeed implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final Duration HOUSEKEEPING = Duration.ofHours(1);
    private static final int FORGOTTEN_AT_ONCE = 5_000;
    private static final Map<String, String> LARGE_POLLS = Map.of("max.poll.records", "4000");
    private static final Map<String, String> BRIEF_FETCHES =
            Map.of("max.poll.records", "4000", "fetch.max.wait.ms", "100");

    private final KafkaClients clients;
    private final Deployment deployment;
    private final LogIndex index;
    private final Following following = new Following("the log", RETRY, this::follow);
    private volatile boolean rebuild;
    private volatile long behind = Long.MAX_VALUE;

    LogFeed(KafkaClients clients, Deployment deployment, LogIndex index) {
        this.clients = clients;
        this.deployment = deployment;
        this.index = index;
        following.start();
    }

    /// Begins anew, soon.
    void rebuild() {
        rebuild = true;
    }

    /// How many entries are still to be read.
    long behind() {
        return behind;
    }

    Optional<String> trouble() {
        return following.trouble();
    }

    private void follow(Following following)
            throws SQLException, InterruptedException, ExecutionException {
        try (var consumer = clients.consumer("log", LARGE_POLLS);
                var events = clients.consumer("log-events", BRIEF_FETCHES)) {
            follow(
                    consumer,
                    new Subjects(events, deployment.topics().events(), deployment.limits()));
        }
    }

    private void follow(Consumer<byte[], byte[]> consumer, Subjects subjects)
            throws SQLException, InterruptedException, ExecutionException {
        var topic = deployment.topics().log();
        var partitions =
                consumer.partitionsFor(topic, TIMEOUT).stream()
                        .map(info -> new TopicPartition(topic, info.partition()))
                        .toList();
        if (partitions.isEmpty()) {
            throw new KafkaException("there is no topic " + topic + " (outmail topics apply)");
        }
        consumer.assign(partitions);
        seek(consumer, partitions, topicId(topic));
        long housekeptAt = System.nanoTime() - HOUSEKEEPING.toNanos();
        while (!following.isClosed()) {
            if (rebuild) {
                rebuild = false;
                index.clear(topicId(topic));
                consumer.seekToBeginning(partitions);
            }
            take(consumer.poll(POLL), subjects);
            behind = behind(consumer, partitions);
            following.goesWell();
            if (System.nanoTime() - housekeptAt >= HOUSEKEEPING.toNanos()) {
                housekeptAt = System.nanoTime();
                forget();
            }
        }
    }

    private String topicId(String topic) throws InterruptedException, ExecutionException {
        try (var admin = clients.admin()) {
            var answers =
                    admin.describeTopics(List.of(topic))
                            .allTopicNames()
                            .get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            return answers.values().iterator().next().topicId().toString();
        } catch (TimeoutException e) {
            throw new KafkaException("Kafka does not describe " + topic, e);
        }
    }

    private void seek(
            Consumer<byte[], byte[]> consumer, List<TopicPartition> partitions, String topicId)
            throws SQLException {
        var places = index.places(topicId);
        if (places.isEmpty()) {
            index.clear(topicId);
        }
        for (var partition : partitions) {
            consumer.seek(partition, places.getOrDefault(partition.partition(), 0L));
        }
    }

    private void take(ConsumerRecords<byte[], byte[]> records, Subjects subjects)
            throws SQLException {
        if (records.isEmpty()) {
            return;
        }
        var found = new ArrayList<ConsumerRecord<byte[], byte[]>>();
        var entries = new ArrayList<LogEntry>();
        var places = new HashMap<Integer, Long>();
        for (var record : records) {
            places.put(record.partition(), record.offset() + 1);
            var entry = LogEntryCodec.decode(record.value());
            if (entry.isPresent()) {
                found.add(record);
                entries.add(entry.get());
            }
        }
        subjects.prepare(entries);
        var items = new ArrayList<Item>();
        for (int i = 0; i < found.size(); i++) {
            var record = found.get(i);
            var entry = entries.get(i);
            items.add(new Item(entry, record.partition(), record.offset(), subjects.of(entry)));
        }
        index.add(items, places);
    }

    private static long behind(Consumer<byte[], byte[]> consumer, List<TopicPartition> partitions) {
        return partitions.stream()
                .mapToLong(partition -> consumer.currentLag(partition).orElse(0))
                .sum();
    }

    /// What the topic has not any more.
    private void forget() throws SQLException {
        var before = Instant.now().minus(LogIndex.KEPT);
        while (index.forget(before, FORGOTTEN_AT_ONCE)) {
            if (following.isClosed()) {
                return;
            }
        }
    }

    @Override
    public void close() {
        following.close();
    }
}
