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
/// Signals are heard on the thread that runs this; they are told on any.
public final class FleetChannel implements BreakerChannel, Runnable, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(FleetChannel.class);
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Producer<byte[], byte[]> producer;
    private final String topic;
    private final TopicTail tail;
    private final BrokerTime time;
    private volatile @Nullable Listener listener;

    public FleetChannel(KafkaClients clients, Topics topics, BrokerTime time) {
        this.producer = clients.producer("breakers", producerConfig());
        this.topic = topics.breakers();
        this.time = time;
        this.tail = new TopicTail(() -> clients.consumer("breakers", Map.of()), topic, new Ear());
    }

    /// What is late misleads: better lost than said when it is not true any more.
    private static Map<String, String> producerConfig() {
        return Map.of(
                "max.block.ms",
                "200",
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
        producer.close(PATIENCE);
    }
}
