package dev.outmail.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/// Kafka's own fake of a consumer, and what it lacks: lost partitions, commits that fail or are
/// woken up, and a memory of them.
public final class FakeConsumer extends MockConsumer<byte[], byte[]> {
    private static final long PAUSE_NANOS = 100_000;

    /// A commit of one partition.
    public record Commit(TopicPartition partition, long offset, boolean sync) {}

    private final String topic;
    private final List<Commit> commits = new CopyOnWriteArrayList<>();
    private final AtomicInteger wakeups = new AtomicInteger();
    private final AtomicInteger failures = new AtomicInteger();
    private volatile @Nullable ConsumerRebalanceListener listener;

    public FakeConsumer(String topic) {
        super("earliest");
        this.topic = topic;
    }

    TopicPartition partition(int number) {
        return new TopicPartition(topic, number);
    }

    /// Assigns exactly these at the next poll, calling back as a cooperative rebalance does.
    void assignAtNextPoll(Integer... partitions) {
        assignAtNextPoll(Stream.of(partitions).map(this::partition).toList());
    }

    /// The same with partitions of several topics.
    public void assignAtNextPoll(List<TopicPartition> all) {
        schedulePollTask(() -> {
            all.forEach(partition -> updateBeginningOffsets(Map.of(partition, 0L)));
            // A real consumer forgets pauses with their partitions.
            resume(paused().stream().filter(partition -> !all.contains(partition)).toList());
            rebalance(all);
        });
    }

    void loseAtNextPoll(int partition) {
        loseAtNextPoll(partition(partition));
    }

    public void loseAtNextPoll(TopicPartition partition) {
        schedulePollTask(() -> {
            var left = new ArrayList<>(assignment());
            left.remove(partition);
            Objects.requireNonNull(listener).onPartitionsLost(List.of(partition));
            rebalance(left);
        });
    }

    /// Records of these offsets at the next poll.
    void deliver(int partition, long... offsets) {
        schedulePollTask(() -> {
            for (long offset : offsets) {
                addRecord(record(partition, offset, 10));
            }
        });
    }

    public void deliver(ConsumerRecord<byte[], byte[]> record) {
        schedulePollTask(() -> addRecord(record));
    }

    void deliverOfSize(int partition, long offset, int bytes) {
        schedulePollTask(() -> addRecord(record(partition, offset, bytes)));
    }

    void seekAtNextPoll(int partition, long offset) {
        schedulePollTask(() -> seek(partition(partition), offset));
    }

    /// From now on so many synchronous commits find a wakeup pending.
    void wakeNextCommits(int count) {
        wakeups.set(count);
    }

    void failNextCommits(int count) {
        failures.set(count);
    }

    public List<Commit> commits() {
        return List.copyOf(commits);
    }

    List<Long> offsetsCommittedOf(int partition) {
        return commits.stream()
                .filter(commit -> commit.partition().equals(partition(partition)))
                .map(Commit::offset)
                .toList();
    }

    @Override
    public void subscribe(Collection<String> topics, ConsumerRebalanceListener hears) {
        listener = hears;
        super.subscribe(topics, hears);
    }

    /// Kafka's never waits, and would take a whole core.
    @Override
    @SuppressWarnings("UnsynchronizedOverridesSynchronized") // others get in while it waits
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        LockSupport.parkNanos(PAUSE_NANOS);
        return super.poll(timeout);
    }

    @Override
    public synchronized void commitAsync(
            Map<TopicPartition, OffsetAndMetadata> offsets, OffsetCommitCallback callback) {
        if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            callback.onComplete(offsets, new TimeoutException("no answer"));
            return;
        }
        remember(offsets, false);
        super.commitAsync(offsets, callback);
    }

    @Override
    public void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
        if (wakeups.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new WakeupException();
        }
        if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new KafkaException("not the owner any more");
        }
        remember(offsets, true);
        super.commitSync(offsets, timeout);
    }

    private void remember(Map<TopicPartition, OffsetAndMetadata> offsets, boolean sync) {
        offsets.forEach(
                (partition, offset) -> commits.add(new Commit(partition, offset.offset(), sync)));
    }

    private ConsumerRecord<byte[], byte[]> record(int partition, long offset, int bytes) {
        return new ConsumerRecord<>(
                topic,
                partition,
                offset,
                0L,
                TimestampType.LOG_APPEND_TIME,
                0,
                bytes,
                new byte[0],
                new byte[bytes],
                new RecordHeaders(),
                Optional.empty());
    }
}
