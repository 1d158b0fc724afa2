package dev.outmail.bench;

import dev.outmail.bench.peer.Installation;
import dev.outmail.config.Deployment;
import dev.outmail.kafka.KafkaClients;
import dev.outmail.kafka.TopicAdmin;
import dev.outmail.mail.EventId;
import dev.outmail.worker.ledger.Entry;
import dev.outmail.worker.ledger.Ledgers;
import dev.outmail.worker.ledger.PartitionLedger;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.Producer;

/// How long a worker takes until it knows what was done in the partitions that it was given: one
/// with as many ids as are remembered, and a whole topic with as many in all. Each id has two
/// records, as nothing was compacted yet. Of a million, the oldest eighth may be forgotten. From
/// the assignment to the last ledger, connecting included; the first round is the first that this
/// process reads.
record LedgerTakeover() implements Scenario {
    private static final int PARTITIONS = Installation.PARTITIONS;
    private static final int MANY = 1_000_000;
    private static final int MANY_EACH = 80_000;

    @Override
    public String name() {
        return "ledger-takeover";
    }

    @Override
    public String question() {
        return "A worker is given partitions with so many remembered ids each: how long until it has"
                + " their ledgers, and what do they take?";
    }

    @Override
    public Report run(Options options, Progress progress) throws IOException, InterruptedException {
        var table =
                new Table("partitions × ids", "s [min–max]", "first", "records/s", "bytes an id");
        var failures = new ArrayList<String>();
        int divisor = options.quick() ? 1_000 : 1;
        int rounds = options.quick() ? 1 : options.rounds();
        table.row(measure(1, MANY / divisor, rounds, progress, failures));
        table.row(measure(PARTITIONS, MANY_EACH / divisor, rounds, progress, failures));
        return new Report(table.toString(), failures);
    }

    private static List<String> measure(
            int partitions, int ids, int rounds, Progress progress, List<String> failures)
            throws IOException, InterruptedException {
        try (var closer = new Closer()) {
            var kafka =
                    closer.add(BrokerProcess.start(closer.add(Folder.create()).path())).servers();
            var deployment = Installation.deployment(kafka, Map.of());
            makeTopics(deployment.clients("bench"), deployment);
            var producer = closer.add(deployment.clients("bench").producer("ledger", Map.of()));
            for (int partition = 0; partition < partitions; partition++) {
                fill(deployment, producer, partition, ids);
            }
            progress.say("%d × %,d ids are written".formatted(partitions, ids));
            var seconds = new ArrayList<Double>();
            long bytes = 0;
            for (int round = 0; round < rounds; round++) {
                try (var ledgers = ledgers(deployment, producer)) {
                    long start = System.nanoTime();
                    var opened = open(ledgers, partitions);
                    seconds.add((System.nanoTime() - start) / 1e9);
                    bytes = opened.stream().mapToLong(PartitionLedger::bytes).sum();
                    if (ledgers.size() < (long) partitions * ids / 8 * 7) {
                        failures.add(ledgers.size() + " ids of " + partitions + " × " + ids);
                    }
                }
                progress.say("round %d: %.2f s".formatted(round + 1, seconds.getLast()));
            }
            return row(partitions, ids, seconds, bytes);
        } catch (ExecutionException e) {
            throw new IOException(e);
        }
    }

    private static List<String> row(int partitions, int ids, List<Double> seconds, long bytes) {
        var spread = Spread.of(seconds);
        double total = (double) partitions * ids;
        return List.of(
                String.format(Locale.ROOT, "%d × %,d", partitions, ids),
                spread.toString("%.2f [%.2f–%.2f]"),
                String.format(Locale.ROOT, "%.2f", seconds.getFirst()),
                String.format(Locale.ROOT, "%,.0f", 2 * total / spread.median()),
                String.format(Locale.ROOT, "%.1f", bytes / total));
    }

    private static void makeTopics(KafkaClients clients, Deployment deployment)
            throws InterruptedException {
        try (var admin = clients.admin()) {
            var topics = new TopicAdmin(admin);
            var specs = deployment.topics().specs(PARTITIONS, deployment.limits().maxBytes());
            topics.apply(topics.compare(specs), Optional.empty());
        }
    }

    private static Ledgers ledgers(Deployment deployment, Producer<byte[], byte[]> producer) {
        return Ledgers.start(
                deployment.clients("bench"),
                producer,
                deployment.topics(),
                deployment.ledger(),
                InstantSource.system(),
                System::nanoTime);
    }

    private static List<PartitionLedger> open(Ledgers ledgers, int partitions)
            throws InterruptedException, ExecutionException {
        var openings = IntStream.range(0, partitions).mapToObj(ledgers::open).toList();
        var opened = new ArrayList<PartitionLedger>();
        for (CompletableFuture<PartitionLedger> opening : openings) {
            opened.add(opening.get());
        }
        return opened;
    }

    /// Events that go well: an attempt starts, and is settled.
    private static void fill(
            Deployment deployment, Producer<byte[], byte[]> producer, int partition, int ids)
            throws InterruptedException, ExecutionException {
        try (var ledgers = ledgers(deployment, producer)) {
            var ledger = ledgers.open(partition).get();
            for (int offset = 0; offset < ids; offset++) {
                var id = new EventId("/bench", "mail-" + partition + "-" + offset);
                if (ledger.enter(id, 1, offset) instanceof Entry.Go(var permit)) {
                    try (permit) {
                        var started = permit.started(1, List.of());
                        if (offset == 0 && !started.await()) {
                            throw new IllegalStateException("the ledger can't be written");
                        }
                        var settled = permit.settled(1);
                        if (offset == ids - 1 && !settled.await()) {
                            throw new IllegalStateException("the ledger can't be written");
                        }
                    }
                }
            }
        }
    }
}
