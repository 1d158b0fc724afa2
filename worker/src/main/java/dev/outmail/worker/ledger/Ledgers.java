package dev.outmail.worker.ledger;

import dev.outmail.config.Deployment.LedgerOptions;
import dev.outmail.kafka.KafkaClients;
import dev.outmail.kafka.Topics;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;

/// The ledgers of the partitions that this worker holds. Safe for all threads; none of its methods
/// blocks but [#close()].
public final class Ledgers implements AutoCloseable {
    /// What is fetched at a time at most, of all partitions and of one.
    private static final int FETCH_BYTES = 8 << 20;

    private static final int PARTITION_FETCH_BYTES = 4 << 20;
    private static final int RECORDS_PER_POLL = 20_000;

    private final String topic;
    private final Window window;
    private final LedgerWriter writer;
    private final LedgerReader reader;
    private final Thread readerThread;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final Map<Integer, Opening> openings = new ConcurrentHashMap<>();
    private final LongAdder unreadable = new LongAdder();

    private record Opening(Restore restore, CompletableFuture<PartitionLedger> ledger) {
        void end() {
            ledger.cancel(false);
            restore.result().cancel(false);
        }
    }

    private Ledgers(
            KafkaClients clients,
            Producer<byte[], byte[]> producer,
            Topics topics,
            LedgerOptions options,
            InstantSource clock,
            LongSupplier nanoTime) {
        topic = topics.ledger();
        window = new Window(options.window(), options.maxIds());
        this.clock = clock;
        this.nanoTime = nanoTime;
        writer = new LedgerWriter(producer, topic);
        reader = new LedgerReader(() -> clients.consumer("ledger", consumerConfig()), window);
        readerThread = Thread.ofPlatform().name("outmail-ledger").daemon().unstarted(reader);
    }

    /// Starts the thread that reads ledgers.
    ///
    /// @param producer for what is written; whose acknowledgement means durable
    public static Ledgers start(
            KafkaClients clients,
            Producer<byte[], byte[]> producer,
            Topics topics,
            LedgerOptions options,
            InstantSource clock,
            LongSupplier nanoTime) {
        var ledgers = new Ledgers(clients, producer, topics, options, clock, nanoTime);
        ledgers.readerThread.start();
        return ledgers;
    }

    private static Map<String, String> consumerConfig() {
        return Map.of(
                "fetch.max.bytes",
                Integer.toString(FETCH_BYTES),
                "max.partition.fetch.bytes",
                Integer.toString(PARTITION_FETCH_BYTES),
                "max.poll.records",
                Integer.toString(RECORDS_PER_POLL));
    }

    /// Reads a partition's ledger back. To be called when the partition was assigned, not earlier:
    /// only what its last owner had written by now is read.
    ///
    /// The result comes in the reading thread, on which nothing may block. It waits for as long as
    /// Kafka does, and is cancelled by [#close(int)].
    public CompletableFuture<PartitionLedger> open(int partition) {
        var restore = new Restore(new TopicPartition(topic, partition), window);
        var ledger = restore.result().thenApply(memory -> restored(partition, restore, memory));
        var before = openings.put(partition, new Opening(restore, ledger));
        if (before != null) {
            before.end();
        }
        reader.add(restore);
        return ledger;
    }

    private PartitionLedger restored(int partition, Restore restore, LedgerMemory memory) {
        unreadable.add(restore.unreadable());
        var time = new LedgerTime(clock, nanoTime, memory.latestMillis());
        return new PartitionLedger(partition, memory, writer, time);
    }

    /// The partition is no longer this worker's. What is under way in its ledger may go on to
    /// write.
    public void close(int partition) {
        var opening = openings.remove(partition);
        if (opening != null) {
            opening.end();
        }
    }

    /// Events remembered, of all partitions.
    public long size() {
        return sum(PartitionLedger::size);
    }

    /// What memory takes for them.
    public long bytes() {
        return sum(PartitionLedger::bytes);
    }

    private long sum(ToLongFunction<PartitionLedger> figure) {
        return openings.values().stream()
                .map(Opening::ledger)
                .filter(ledger -> ledger.state() == Future.State.SUCCESS)
                .mapToLong(ledger -> figure.applyAsLong(ledger.resultNow()))
                .sum();
    }

    /// Partitions whose ledger is being read back.
    public int restoring() {
        return (int) openings.values().stream().filter(one -> !one.ledger().isDone()).count();
    }

    /// Records that could not be read, since the start.
    public long unreadable() {
        return unreadable.sum();
    }

    /// Ends the reading. The producer is whose it was.
    @Override
    public void close() {
        openings.keySet().forEach(this::close);
        reader.close();
        boolean interrupted = false;
        while (readerThread.isAlive()) {
            try {
                readerThread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
