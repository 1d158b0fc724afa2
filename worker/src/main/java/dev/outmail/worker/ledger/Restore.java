package dev.outmail.worker.ledger;

import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/// The reading of one partition, up to where it ended when the reading began. Owned by the reader's
/// thread, but for the result.
final class Restore {
    private final TopicPartition partition;
    private final CompletableFuture<LedgerMemory> result = new CompletableFuture<>();
    private final IdentityHasher hasher = new IdentityHasher();
    private final Window window;
    private LedgerMemory memory;
    private long start = -1;
    private long end = -1;
    private int unreadable;

    Restore(TopicPartition partition, Window window) {
        this.partition = partition;
        this.window = window;
        this.memory = new LedgerMemory(window);
    }

    TopicPartition partition() {
        return partition;
    }

    /// Complete when the end was reached; cancelled when nobody wants it any more.
    CompletableFuture<LedgerMemory> result() {
        return result;
    }

    boolean hasBegun() {
        return end >= 0;
    }

    /// Begins, or begins again.
    void begin(long from, long to) {
        start = from;
        end = to;
        unreadable = 0;
        memory = new LedgerMemory(window);
    }

    /// What is broken off is begun again from the start.
    void breakOff() {
        end = -1;
    }

    long end() {
        return end;
    }

    /// The span of offsets, which is not the number of records where some were compacted away.
    long offsets() {
        return end - start;
    }

    int unreadable() {
        return unreadable;
    }

    LedgerMemory memory() {
        return memory;
    }

    void take(ConsumerRecord<byte[], byte[]> record) {
        var read = LedgerCodec.decode(record.value());
        if (record.key() == null || read == null) {
            unreadable++;
        } else {
            memory.replay(hasher.hash(record.key()), read, record.timestamp());
        }
    }
}
