package dev.outmail.bench;

import dev.outmail.bench.letter.LetterSize;
import dev.outmail.bench.peer.LogEnd;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/// Whether a worker's memory depends on how much waits for it.
record Backlog() implements Scenario {
    private static final String HEAP = "256m";
    private static final int FEW = 200_000;
    private static final int MANY = 1_000_000;
    private static final int SAMPLES = 10;

    @Override
    public String name() {
        return "backlog";
    }

    @Override
    public String question() {
        return "Small events wait, the worker has 256 MB of heap: what does a long backlog need"
                + " that a short one doesn't?";
    }

    @Override
    public boolean onlyWhenNamed() {
        return true;
    }

    @Override
    public Report run(Options options, Progress progress) throws IOException, InterruptedException {
        var failures = new ArrayList<String>();
        var table =
                new Table(
                        "backlog",
                        "messages/s",
                        "CPU s per 10,000",
                        "alive in the heap",
                        "peak resident memory");
        try (var closer = new Closer()) {
            var sink = closer.add(Sink.start(closer.add(Folder.create()).path()));
            var site = closer.add(Site.start(sink.port()));
            for (int backlog : options.quick() ? new int[] {50} : new int[] {FEW, MANY}) {
                site.publish(LetterSize.TINY, backlog);
                progress.say("%,d events wait".formatted(backlog));
                table.row(drain(site, sink, backlog, failures));
            }
        }
        return new Report(table.toString(), failures);
    }

    private static List<String> drain(Site site, Sink sink, int backlog, List<String> failures)
            throws IOException, InterruptedException {
        long before = sink.received();
        try (var log = new LogEnd(site.deployment());
                var worker = site.startWorker("backlog-" + backlog, HEAP)) {
            long end = log.entries() + backlog;
            long start = System.nanoTime();
            var alive = new ArrayList<Long>();
            while (log.entries() < end && worker.isRunning()) {
                Thread.sleep(20);
                boolean anotherTenthIsDone =
                        log.entries() - (end - backlog) > (alive.size() + 1L) * backlog / SAMPLES;
                if (anotherTenthIsDone) {
                    worker.liveBytes().ifPresent(alive::add);
                }
            }
            long took = System.nanoTime() - start;
            if (!worker.isRunning()) {
                failures.add("the worker ended before the backlog of " + backlog);
            }
            long arrived = sink.settled(before + backlog) - before;
            if (arrived != backlog) {
                failures.add(arrived + " of " + backlog + " mails arrived");
            }
            var run = new Run(backlog, took, worker.cpu().toNanos(), 0);
            return List.of(
                    String.format(Locale.ROOT, "%,d", backlog),
                    String.format(Locale.ROOT, "%,.0f", run.messagesPerSecond()),
                    String.format(Locale.ROOT, "%.2f", run.cpuSecondsPer10000()),
                    megabytes(alive),
                    worker.peakMemory().orElse("–"));
        }
    }

    /// From the least to the most, of the samples that were taken while the backlog went down.
    private static String megabytes(List<Long> alive) {
        if (alive.isEmpty()) {
            return "–";
        }
        return "%d to %d MB".formatted(Collections.min(alive) >> 20, Collections.max(alive) >> 20);
    }
}
