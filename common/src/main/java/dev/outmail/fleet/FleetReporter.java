package dev.outmail.fleet;

import dev.outmail.kafka.KafkaClients;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Says on the workers' topic that a member is alive and what it does: at the start, at each
/// change, every two seconds, and at the end that it is gone. It runs on the thread that it is
/// given, and is in nobody's way: a Kafka that is away costs reports and nothing else.
public final class FleetReporter implements Runnable, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(FleetReporter.class);
    private static final Duration INTERVAL = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final Duration ANSWER_LASTS = Duration.ofSeconds(10);

    private final KafkaClients clients;
    private final String topic;
    private final String id;
    private final Supplier<Member> member;
    private final LongSupplier nanoTime = System::nanoTime;
    private final Semaphore news = new Semaphore(0);
    private final CountDownLatch announced = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean closed;
    private volatile boolean failing;

    /// Of the last answer; means nothing before the first.
    private volatile long answeredNanos;

    private volatile boolean answered;

    /// @param topic of workers
    /// @param member as it is at the moment of asking
    public FleetReporter(KafkaClients clients, String topic, String id, Supplier<Member> member) {
        this.clients = clients;
        this.topic = topic;
        this.id = id;
        this.member = member;
    }

    private static Map<String, String> producerConfig() {
        return Map.of(
                "max.block.ms",
                "2000",
                "delivery.timeout.ms",
                "5000",
                "request.timeout.ms",
                "2000",
                "linger.ms",
                "0",
                "buffer.memory",
                Integer.toString(1 << 20));
    }

    /// There is something new to say.
    public void changed() {
        news.release();
    }

    /// Waits until the brokers have the first report: whoever saves settings from then on knows of
    /// this member. False when that took too long.
    public boolean awaitAnnounced(Duration timeout) throws InterruptedException {
        return announced.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void run() {
        try (var producer = clients.producer("fleet", producerConfig())) {
            while (!closed) {
                news.drainPermits();
                tell(producer, MemberCodec.encode(member.get()));
                var unused = news.tryAcquire(INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
            }
            tell(producer, null);
            producer.close(PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            ended.countDown();
        }
    }

    private void tell(Producer<byte[], byte[]> producer, byte @Nullable [] value) {
        try {
            var unused =
                    producer.send(
                            new ProducerRecord<>(topic, 0, MemberCodec.key(id), value),
                            (metadata, failure) -> told(failure));
        } catch (KafkaException | IllegalStateException e) {
            told(e);
        }
    }

    /// Whether the brokers have answered a report within the last ten seconds.
    public boolean isAnswered() {
        return answered && nanoTime.getAsLong() - answeredNanos < ANSWER_LASTS.toNanos();
    }

    private void told(@Nullable Exception failure) {
        if (failure == null || failure instanceof AuthorizationException) {
            answeredNanos = nanoTime.getAsLong();
            answered = true;
        }
        if (failure == null) {
            announced.countDown();
            failing = false;
        } else if (!failing) {
            failing = true;
            log.atWarn()
                    .addKeyValue("topic", topic)
                    .addKeyValue("cause", failure.toString())
                    .log(
                            "The fleet can't be told that this is alive and what it applied; does the topic exist (outmail topics apply)?");
        }
    }

    /// Says that the member is gone, and returns when that was said, or could not be.
    @Override
    public void close() {
        close(PATIENCE.multipliedBy(2));
    }

    /// The same, waiting no longer than this.
    public void close(Duration atMost) {
        closed = true;
        news.release();
        try {
            var unused = ended.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
