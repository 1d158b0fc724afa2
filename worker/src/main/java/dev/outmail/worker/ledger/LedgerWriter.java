package dev.outmail.worker.ledger;

import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends ledger records. Safe for all threads.
final class LedgerWriter {
    private static final Logger log = LoggerFactory.getLogger(LedgerWriter.class);

    private final Producer<byte[], byte[]> producer;
    private final String topic;
    private final AtomicBoolean failing = new AtomicBoolean();

    LedgerWriter(Producer<byte[], byte[]> producer, String topic) {
        this.producer = producer;
        this.topic = topic;
    }

    /// The record goes to the partition that is told, and not to the one that its key would have:
    /// the ledger's partitions are those of the events.
    LedgerWrite write(int partition, byte[] identity, LedgerRecord record) {
        var write = new LedgerWrite();
        try {
            var _ =
                    producer.send(
                            new ProducerRecord<>(
                                    topic, partition, identity, LedgerCodec.encode(record)),
                            (_, failure) -> ended(write, failure));
        } catch (KafkaException | IllegalStateException e) {
            ended(write, e); // interrupted, or the producer is closed
        }
        return write;
    }

    private void ended(LedgerWrite write, @Nullable Exception failure) {
        write.complete(failure == null);
        if (failure == null) {
            if (failing.get() && failing.compareAndSet(true, false)) {
                log.atInfo().addKeyValue("topic", topic).log("The ledger is written again");
            }
        } else if (failing.compareAndSet(false, true)) {
            log.atWarn()
                    .addKeyValue("topic", topic)
                    .addKeyValue("cause", failure.toString())
                    .log("The ledger can't be written now; no message is completed until it is");
        }
    }
}
