package dev.outmail.worker.fleet;

import dev.outmail.delivery.BreakerChannel;
import dev.outmail.delivery.BreakerSignal;
import dev.outmail.delivery.BreakerSignalCodec;
import dev.outmail.kafka.KafkaClients;
import dev.outmail.kafka.TopicTail;
import dev.outmail.kafka.Topics;
import dev.outmail.worker.delay.BrokerTime;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Carries what breakers tell each other to all workers of the fleet, through the compacted topic
/// of breakers: its one partition is the order that all agree on, its broker stamps the time.
///
/// Signals are heard on the thread that runs this. They are told by a thread of their own, in their
/// order: whoever tells holds a breaker, and the producer may wait.
public final class FleetChannel implements BreakerChannel, Runnable, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(FleetChannel.class);
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /// To find out where the topic is.
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(4);

    private static final int MOST_WAITING = 1_000;

    private final Producer<byte[], byte[]> producer;
    private final String topic;
    private final TopicTail tail;
    private final BrokerTime time;
    private final LongSupplier nanoTime;
    private final ExecutorService teller =
            new ThreadPoolExecutor(
                    1,
                    1,
                    0,
                    TimeUnit.SECONDS,
                    new LinkedBlockingQueue<>(MOST_WAITING),
                    Thread.ofPlatform().name("outmail-breakers-teller").daemon().factory());
    private volatile @Nullable Listener listener;

    /// @param nanoTime a monotonic clock
    public FleetChannel(
            KafkaClients clients, Topics topics, BrokerTime time, LongSupplier nanoTime) {
        this.producer = clients.producer("breakers", producerConfig());
        this.topic = topics.breakers();
        this.time = time;
        this.nanoTime = nanoTime;
        this.tail = new TopicTail(() -> clients.consumer("breakers", Map.of()), topic, new Ear());
    }

    /// What is late misleads: better lost than said when it is not true any more. But whoever
    /// probes without the others' consent logs in once more than they know of. So the waits for the
    /// topic and for the delivery are together about as long as a claim is patient. And a topic of
    /// which nothing was said for five minutes is not forgotten, as it would be by default.
    private static Map<String, String> producerConfig() {
        return Map.of(
                "max.block.ms",
                Long.toString(LONGEST_WAIT.toMillis()),
                "metadata.max.idle.ms",
                Long.toString(Duration.ofDays(1).toMillis()),
                "delivery.timeout.ms",
                "5000",
                "request.timeout.ms",
                "2000",
                "linger.ms",
                "0",
                "buffer.memory",
                Integer.toString(1 << 20));
    }

    @Override
    public void listen(Listener newListener) {
        listener = newListener;
    }

    @Override
    public boolean isShared() {
        return true;
    }

    @Override
    public Instant now() {
        return time.instant();
    }

    @Override
    public void tell(String server, BreakerSignal signal) {
        long toldNanos = nanoTime.getAsLong();
        try {
            teller.execute(() -> {
                if (nanoTime.getAsLong() - toldNanos > LONGEST_WAIT.toNanos()) {
                    lost(server, signal, new TimeoutException("others waited before it"));
                } else {
                    send(server, signal);
                }
            });
        } catch (RejectedExecutionException e) {
            lost(server, signal, e); // closed, or too many wait
        }
    }

    private void send(String server, BreakerSignal signal) {
        var record =
                new ProducerRecord<>(
                        topic,
                        0,
                        server.getBytes(StandardCharsets.UTF_8),
                        BreakerSignalCodec.encode(signal));
        var stamp = time.acknowledgement();
        try {
            var _ =
                    producer.send(
                            record,
                            (metadata, failure) -> {
                                stamp.onCompletion(metadata, failure);
                                if (failure != null) {
                                    lost(server, signal, failure);
                                }
                            });
        } catch (KafkaException | IllegalStateException e) {
            lost(server, signal, e);
        }
    }

    private void lost(String server, BreakerSignal signal, Exception cause) {
        log.atWarn()
                .addKeyValue("topic", topic)
                .addKeyValue("server", server)
                .addKeyValue("cause", cause.toString())
                .log(
                        "Other workers can't be told how a server does; until they can, this one goes by what it sees itself");
        var hears = listener;
        if (hears != null) {
            hears.lost(server, signal);
        }
    }

    /// Goes on where it was when records come from the beginning again. Of the tail's thread.
    private final class Ear implements TopicTail.Follower {
        private long next;
        private boolean again;

        @Override
        public void began() {
            again = next > 0;
        }

        @Override
        public void read(ConsumerRecord<byte[], byte[]> record) {
            if (again && record.offset() < next) {
                return;
            }
            again = false;
            next = record.offset() + 1;
            time.saw(record);
            var at = Instant.ofEpochMilli(record.timestamp());
            hear(record, at);
        }

        /// A topic that was made anew begins anew.
        @Override
        public void isUpToDate() {
            if (again) {
                next = 0;
                again = false;
            }
        }
    }

    private void hear(ConsumerRecord<byte[], byte[]> record, Instant at) {
        var hears = listener;
        if (hears == null || record.key() == null || record.value() == null) {
            return;
        }
        var server = new String(record.key(), StandardCharsets.UTF_8);
        BreakerSignalCodec.decode(record.value())
                .ifPresentOrElse(
                        signal -> hears.heard(server, signal, at),
                        () ->
                                log.atWarn()
                                        .addKeyValue("topic", topic)
                                        .addKeyValue("offset", record.offset())
                                        .log("What a worker said of a server is not understood"));
    }

    /// Reads what was said, then what is said, until closed.
    @Override
    public void run() {
        tail.run();
    }

    @Override
    public void close() {
        tail.close();
        teller.shutdown();
        producer.close(PATIENCE);
    }
}
