package dev.outmail.bench;

import dev.outmail.bench.letter.LetterSize;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// How long a worker takes from the start of its process to the first delivery, a mail waiting.
record WorkerStart() implements Scenario {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Override
    public String name() {
        return "worker-start";
    }

    @Override
    public String question() {
        return "One mail waits: how long from the start of a worker to its delivery?";
    }

    @Override
    public Report run(Options options, Progress progress) throws IOException, InterruptedException {
        try (var server = Arrivals.start(Duration.ZERO);
                var site = Site.start(server.port())) {
            if (!options.quick()) {
                start(site, server, "cold"); // not counted: its files are read from disk
            }
            var seconds = new ArrayList<Double>();
            var failures = new ArrayList<String>();
            for (int round = 1; round <= options.rounds(); round++) {
                double took = start(site, server, "round-" + round);
                progress.say("round %d: %.2f s".formatted(round, took));
                if (server.count() == 1) {
                    seconds.add(took);
                } else {
                    failures.add("no mail arrived within " + PATIENCE);
                }
            }
            var table = new Table("", "s [min–max]");
            Spread.ofAny(seconds)
                    .ifPresent(spread ->
                            table.row(
                                    List.of(
                                            "start to first delivery",
                                            spread.toString("%.2f [%.2f–%.2f]"))));
            return new Report(table.toString(), failures);
        }
    }

    private static double start(Site site, Arrivals server, String worker)
            throws IOException, InterruptedException {
        server.forget();
        site.publish(LetterSize.KB_2, 1);
        long start = System.nanoTime();
        try (var process = site.startWorker(worker, "512m")) {
            boolean arrived = server.await(1, PATIENCE);
            return arrived && process.isRunning() ? (server.last() - start) / 1e9 : Double.NaN;
        }
    }
}
