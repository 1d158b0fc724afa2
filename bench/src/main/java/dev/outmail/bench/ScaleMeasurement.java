package dev.outmail.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.outmail.bench.letter.LetterSize;
import dev.outmail.bench.peer.Installation;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.LogDirDescription;

/// Measures what one mail costs, with one worker; then, in other runs, how many mails a second one,
/// two and four workers carry on the same cores. What runs is publisher, broker, workers and
/// smtp-sink, each in a process of its own.
final class ScaleMeasurement {
    private static final int CONNECTIONS = 20;
    private static final String HEAP = "512m";
    private static final long IDLE_MILLIS = 5_000;
    private static final int[] FLEETS = {1, 2, 4};

    private final int warmUp;
    private final int mails;
    private final Progress progress;

    ScaleMeasurement(boolean quick, Progress progress) {
        this.warmUp = quick ? 100 : 40_000;
        this.mails = quick ? 100 : 30_000;
        this.progress = progress;
    }

    /// CPU time so far, in nanoseconds, and the moment.
    private record Clock(long nanos, long application, long broker, long workers, long server) {
        Clock since(Clock start) {
            return new Clock(
                    nanos - start.nanos,
                    application - start.application,
                    broker - start.broker,
                    workers - start.workers,
                    server - start.server);
        }

        double micros(long cpu, int mails) {
            return cpu / 1e3 / mails;
        }

        double cores(long cpu) {
            return (double) cpu / nanos;
        }
    }

    /// Each worker has to become as fast as it will.
    private int warmUp(int workers) {
        return warmUp * (workers + 1) / 2;
    }

    UnitCosts run() throws IOException, InterruptedException {
        try (var closer = new Closer()) {
            var sink = closer.add(Sink.start(closer.add(Folder.create()).path()));
            var site = closer.add(Site.start(sink.port()));
            site.allowConnections(CONNECTIONS);
            var measured = new TreeMap<Integer, Double>();
            Clock one = null;
            Clock idle = null;
            for (int workers : FLEETS) {
                try (var fleet = new Closer()) {
                    var running = start(fleet, site, workers);
                    send(site, sink, running, warmUp(workers));
                    if (one == null) {
                        one = send(site, sink, running, mails);
                    }
                    var run = send(site, sink, running, mails);
                    measured.put(workers, mails * 1e9 / run.nanos());
                    progress.say("%d workers: %,.0f/s".formatted(workers, measured.get(workers)));
                    if (workers == FLEETS[FLEETS.length - 1]) {
                        idle = idle(site, sink, running);
                    }
                }
            }
            return costs(site, Objects.requireNonNull(one), Objects.requireNonNull(idle), measured);
        }
    }

    private static List<WorkerProcess> start(Closer fleet, Site site, int count)
            throws IOException, InterruptedException {
        var running = new ArrayList<WorkerProcess>();
        for (int i = 0; i < count; i++) {
            running.add(fleet.add(site.startWorker("w" + count + "-" + i, HEAP)));
        }
        for (var worker : running) {
            worker.awaitPartitions(Installation.PARTITIONS / count);
        }
        return running;
    }

    private Clock send(Site site, Sink sink, List<WorkerProcess> workers, int count)
            throws IOException, InterruptedException {
        long before = sink.received();
        var start = clock(site, sink, workers);
        site.publish(LetterSize.KB_2, count);
        while (sink.received() < before + count) {
            if (!workers.stream().allMatch(WorkerProcess::isRunning)) {
                throw new IOException("a worker ended");
            }
            Thread.sleep(5);
        }
        return clock(site, sink, workers).since(start);
    }

    private static Clock idle(Site site, Sink sink, List<WorkerProcess> workers)
            throws InterruptedException {
        var start = clock(site, sink, workers);
        Thread.sleep(IDLE_MILLIS);
        return clock(site, sink, workers).since(start);
    }

    private static Clock clock(Site site, Sink sink, List<WorkerProcess> workers) {
        var own = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return new Clock(
                System.nanoTime(),
                own.getProcessCpuTime(),
                site.broker().cpu().toNanos(),
                workers.stream().mapToLong(worker -> worker.cpu().toNanos()).sum(),
                sink.cpu().toNanos());
    }

    private UnitCosts costs(Site site, Clock one, Clock idle, Map<Integer, Double> measured)
            throws InterruptedException {
        int sent = 0;
        for (int workers : FLEETS) {
            sent += warmUp(workers) + mails;
        }
        sent += mails;
        var topics = site.deployment().topics();
        try (var admin = site.deployment().clients("bench").admin()) {
            var bytes = bytes(admin);
            return new UnitCosts(
                    Machine.describe(),
                    Runtime.getRuntime().availableProcessors(),
                    one.micros(one.application(), mails),
                    one.micros(one.broker(), mails),
                    one.micros(one.workers(), mails),
                    one.micros(one.server(), mails),
                    idle.cores(idle.broker()),
                    idle.cores(idle.workers()) / FLEETS[FLEETS.length - 1],
                    (double) bytes.getOrDefault(topics.events(), 0L) / sent,
                    (double) bytes.getOrDefault(topics.ledger(), 0L) / sent,
                    (double) bytes.getOrDefault(topics.log(), 0L) / sent,
                    measured);
        }
    }

    /// On the brokers' disks, by topic.
    private static Map<String, Long> bytes(Admin admin) throws InterruptedException {
        var bytes = new TreeMap<String, Long>();
        try {
            var brokers =
                    admin.describeCluster().nodes().get().stream().map(node -> node.id()).toList();
            for (var folders : admin.describeLogDirs(brokers).allDescriptions().get().values()) {
                for (LogDirDescription folder : folders.values()) {
                    folder.replicaInfos()
                            .forEach((partition, info) ->
                                    bytes.merge(partition.topic(), info.size(), Long::sum));
                }
            }
            return bytes;
        } catch (ExecutionException e) {
            throw new IllegalStateException("the broker does not say how large its topics are", e);
        }
    }
}
