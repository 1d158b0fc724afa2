package dev.outmail.producer;

import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;

/// Learns in the background where a topic is, so that no caller has to wait for that.
final class WarmUp {
    /// Producers forget topics that they did not write to for so long.
    static final String METADATA_MAX_IDLE_MILLIS = Long.toString(24 * 60 * 60 * 1_000L);

    private WarmUp() {}

    /// @param done when it was found, or the producer can't look for it any more
    static void start(Producer<byte[], byte[]> producer, String topic, Runnable done) {
        Thread.ofVirtual()
                .name("outmail-warm-up-" + topic)
                .start(() -> {
                    try {
                        run(producer, topic);
                    } finally {
                        done.run();
                    }
                });
    }

    private static void run(Producer<byte[], byte[]> producer, String topic) {
        while (true) {
            try {
                var unused = producer.partitionsFor(topic);
                return;
            } catch (TimeoutException e) {
                // Kafka is away, and may come
            } catch (KafkaException | IllegalStateException e) {
                // closed, or nothing that time cures: who writes next hears of it
                return;
            }
        }
    }
}
