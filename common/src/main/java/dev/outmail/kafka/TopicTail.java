package dev.outmail.kafka;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads a compacted topic of one partition to its end, then follows it; from the beginning again
/// when Kafka or the topic was away. It runs on the thread that it is given, which owns the
/// consumer.
public final class TopicTail implements Runnable, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TopicTail.class);
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final String topic;
    private final Follower follower;
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    /// Of the thread that runs; others may wake it up and no more.
    private volatile @Nullable Consumer<byte[], byte[]> following;

    /// What takes in the records, on the thread of the tail.
    public interface Follower {
        /// Records come from the beginning now.
        void began();

        void read(ConsumerRecord<byte[], byte[]> record);

        /// All that was there was read, and what came since.
        void isUpToDate();
    }

    public TopicTail(
            Supplier<Consumer<byte[], byte[]>> consumers, String topic, Follower follower) {
        this.consumers = consumers;
        this.topic = topic;
        this.follower = follower;
    }

    @Override
    public void run() {
        while (!closed.isDone()) {
            try (var consumer = consumers.get()) {
                following = consumer;
                if (!closed.isDone()) {
                    follow(new CompactedTopic(consumer, topic, this::read));
                }
            } catch (WakeupException | InterruptException e) {
                return;
            } catch (KafkaException e) {
                log.atWarn()
                        .addKeyValue("topic", topic)
                        .addKeyValue("cause", e.toString())
                        .log(
                                "A topic can't be read now and what was known last stays; does it exist (outmail topics apply), and does Kafka answer?");
                pause();
            }
        }
    }

    private void follow(CompactedTopic records) {
        follower.began();
        records.readToEnd(READ_TIMEOUT);
        follower.isUpToDate();
        while (!closed.isDone()) {
            records.poll(POLL);
            follower.isUpToDate();
        }
    }

    /// One record that can't be taken in must not keep those after it away, at each start anew.
    private void read(ConsumerRecord<byte[], byte[]> record) {
        try {
            follower.read(record);
        } catch (RuntimeException e) {
            log.atError()
                    .addKeyValue("topic", topic)
                    .addKeyValue("partition", record.partition())
                    .addKeyValue("offset", record.offset())
                    .setCause(e)
                    .log("A record can't be taken in and is passed over; please report this");
        }
    }

    private void pause() {
        try {
            closed.get(RETRY.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            // time to try again
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    /// Ends [#run()].
    @Override
    public void close() {
        closed.complete(null);
        var consumer = following;
        if (consumer != null) {
            consumer.wakeup();
        }
    }
}
