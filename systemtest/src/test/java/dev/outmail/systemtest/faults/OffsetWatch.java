package dev.outmail.systemtest.faults;

import dev.outmail.kafka.DelayTier;
import dev.outmail.kafka.Topics;
import dev.outmail.testkit.Await;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;

/// Looks at the committed offsets of a fleet. For one thread.
final class OffsetWatch implements AutoCloseable {
    private final Admin admin;
    private final Topics topics;
    private final int partitions;
    private final Publisher published;
    private final LogTail log;
    private final Set<String> passedUnfinished = ConcurrentHashMap.newKeySet();

    OffsetWatch(Admin admin, Topics topics, int partitions, Publisher published, LogTail log) {
        this.admin = admin;
        this.topics = topics;
        this.partitions = partitions;
        this.published = published;
        this.log = log;
    }

    /// Whether the workers have committed all that is on the events topic and in the delay topics.
    boolean isAllCommitted() {
        var delays = Stream.of(DelayTier.values()).map(topics::delay).toList();
        return isAllCommitted(topics.workerGroup(), List.of(topics.events()))
                && isAllCommitted(topics.delayGroup(), delays);
    }

    private boolean isAllCommitted(String group, List<String> ofTopics) {
        var committed = committed(group);
        return ends(ofTopics).entrySet().stream()
                .allMatch(end -> committed.getOrDefault(end.getKey(), 0L) >= end.getValue());
    }

    /// Checks invariant I5 at this moment: what lies before a committed offset is in the log. The
    /// log is written before the commit, so it is read after.
    void check() {
        var committed = committed(topics.workerGroup());
        var ends = ends(List.of(topics.log()));
        Await.until(
                Duration.ofSeconds(30),
                () -> log.hasRead(ends),
                () -> "the log is read up to " + ends);
        for (var accepted : published.accepted().values()) {
            var partition = new TopicPartition(topics.events(), accepted.partition());
            long next = committed.getOrDefault(partition, 0L);
            if (accepted.offset() < next && log.of(accepted.id()).isEmpty()) {
                passedUnfinished.add(accepted.id());
            }
        }
    }

    Set<String> passedUnfinished() {
        return passedUnfinished;
    }

    private Map<TopicPartition, Long> committed(String group) {
        var all = answer(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
        var offsets = new HashMap<TopicPartition, Long>();
        all.forEach((partition, offset) -> {
            if (offset != null) {
                offsets.put(partition, offset.offset());
            }
        });
        return offsets;
    }

    private Map<TopicPartition, Long> ends(List<String> ofTopics) {
        var wanted = new HashMap<TopicPartition, OffsetSpec>();
        for (var topic : ofTopics) {
            for (int partition = 0; partition < partitions; partition++) {
                wanted.put(new TopicPartition(topic, partition), OffsetSpec.latest());
            }
        }
        return answer(admin.listOffsets(wanted).all()).entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, end -> end.getValue().offset()));
    }

    static <T> T answer(KafkaFuture<T> future) {
        try {
            return future.get(60, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("Kafka did not answer: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    @Override
    public void close() {
        admin.close();
    }
}
