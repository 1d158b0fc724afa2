package dev.outmail.worker.ledger;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads partitions of the ledger's topic back, all that are asked for at a time, with one consumer
/// of its own and in the thread that runs this; while it fetches, another takes in what came
/// before. What fails is begun again until nobody wants it.
final class LedgerReader implements Runnable, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LedgerReader.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final Duration RETRY = Duration.ofSeconds(1);

    /// An event that goes well has two. What is more than that many back is not read, however
    /// recent: a busy partition has to come up quickly.
    private static final int RECORDS_PER_ID = 2;

    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final Window window;

    /// What to do next in the reader's thread.
    private final LinkedBlockingQueue<Runnable> commands = new LinkedBlockingQueue<>();

    private final CountDownLatch closed = new CountDownLatch(1);

    /// Of the reader's thread; others may wake it up and no more.
    private volatile @Nullable Consumer<byte[], byte[]> reading;

    private final ExecutorService taking =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().name("outmail-ledger-taking").daemon().factory());

    // Owned by the reader's thread.
    private Future<?> taken = CompletableFuture.completedFuture(null);
    private final Map<TopicPartition, Restore> restores = new LinkedHashMap<>();
    private boolean failing;

    LedgerReader(Supplier<Consumer<byte[], byte[]>> consumers, Window window) {
        this.consumers = consumers;
        this.window = window;
    }

    /// Reads a partition. Safe for all threads.
    void add(Restore restore) {
        commands.add(() -> restores.put(restore.partition(), restore));
    }

    @Override
    public void run() {
        try (taking) {
            readOn();
        }
    }

    private void readOn() {
        while (!isClosed()) {
            restores.values().forEach(Restore::breakOff);
            try (var consumer = consumers.get()) {
                reading = consumer;
                while (!isClosed()) {
                    step(consumer);
                }
            } catch (WakeupException | InterruptException | InterruptedException e) {
                return;
            } catch (RuntimeException | Error e) {
                retryAfter(e);
            }
        }
    }

    private boolean isClosed() {
        return closed.getCount() == 0;
    }

    private void step(Consumer<byte[], byte[]> consumer) throws InterruptedException {
        if (restores.isEmpty()) {
            commands.take().run();
        }
        for (var command = commands.poll(); command != null; command = commands.poll()) {
            command.run();
        }
        restores.values().removeIf(restore -> restore.result().isDone());
        if (!restores.keySet().equals(consumer.assignment())) {
            consumer.assign(restores.keySet());
        }
        begin(consumer);
        read(consumer);
        finish(consumer);
    }

    private void begin(Consumer<byte[], byte[]> consumer) throws InterruptedException {
        var fresh = restores.values().stream().filter(restore -> !restore.hasBegun()).toList();
        if (fresh.isEmpty()) {
            return;
        }
        // Asked for after the assignment: what the last owner saw acknowledged is before these.
        awaitTaken();
        var partitions = fresh.stream().map(Restore::partition).toList();
        var ends = consumer.endOffsets(partitions, ANSWER);
        var starts = starts(consumer, ends);
        for (var restore : fresh) {
            long start = starts.getOrDefault(restore.partition(), 0L);
            long end = ends.getOrDefault(restore.partition(), 0L);
            consumer.seek(restore.partition(), start);
            restore.begin(start, end);
        }
    }

    /// All that the topic keeps, which is more than the window: of before it, what was begun and
    /// not ended counts, and the table forgets the rest by itself.
    private Map<TopicPartition, Long> starts(
            Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
        var starts = new HashMap<>(consumer.beginningOffsets(ends.keySet(), ANSWER));
        starts.replaceAll((partition, beginning) ->
                Math.max(
                        beginning,
                        ends.getOrDefault(partition, 0L)
                                - (long) RECORDS_PER_ID * window.maxIds()));
        return starts;
    }

    private void read(Consumer<byte[], byte[]> consumer) throws InterruptedException {
        if (restores.isEmpty()) {
            return;
        }
        var records = consumer.poll(POLL);
        if (records.isEmpty()) {
            return;
        }
        awaitTaken();
        var wanted = Map.copyOf(restores);
        taken = taking.submit(() -> take(records, wanted));
    }

    private static void take(
            ConsumerRecords<byte[], byte[]> records, Map<TopicPartition, Restore> wanted) {
        for (var partition : records.partitions()) {
            var restore = wanted.get(partition);
            if (restore != null) {
                records.records(partition).forEach(restore::take);
            }
        }
    }

    /// What was fetched is in memory after this.
    private void awaitTaken() throws InterruptedException {
        var last = taken;
        taken = CompletableFuture.completedFuture(null);
        try {
            last.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("records of the ledger can't be taken in", e);
        }
    }

    /// By position: the last records before an end may be gone, or be no records.
    private void finish(Consumer<byte[], byte[]> consumer) throws InterruptedException {
        var done = new ArrayList<Restore>();
        for (var restore : restores.values()) {
            if (consumer.position(restore.partition()) >= restore.end()) {
                done.add(restore);
            }
        }
        if (!done.isEmpty()) {
            awaitTaken();
        }
        done.forEach(restore -> restores.remove(restore.partition()));
        if (failing && !done.isEmpty()) {
            failing = false;
            log.atInfo().log("The ledger is read again");
        }
        done.forEach(LedgerReader::finish);
    }

    private static void finish(Restore restore) {
        log.atInfo()
                .addKeyValue("partition", restore.partition().partition())
                .addKeyValue("ids", restore.memory().size())
                .addKeyValue("offsets", restore.offsets())
                .log("Ledger read");
        if (restore.unreadable() > 0) {
            log.atWarn()
                    .addKeyValue("partition", restore.partition().partition())
                    .addKeyValue("records", restore.unreadable())
                    .log(
                            "Records of the ledger can't be read and were passed over; are there workers of a later version, or does somebody else write there?");
        }
        restore.result().complete(restore.memory());
    }

    private void retryAfter(Throwable failure) {
        if (!failing) {
            failing = true;
            log.atWarn()
                    .addKeyValue("cause", failure.toString())
                    .log(
                            "The ledger can't be read now, and events of its partitions wait until it is; does the topic exist (outmail topics apply), and does Kafka answer?");
        }
        try {
            closed.await(RETRY.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close();
        }
    }

    /// Ends [#run()]; what was not read by then never is.
    @Override
    public void close() {
        closed.countDown();
        commands.add(() -> {});
        var consumer = reading;
        if (consumer != null) {
            consumer.wakeup();
        }
    }
}
