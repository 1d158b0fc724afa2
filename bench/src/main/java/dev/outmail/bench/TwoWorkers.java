package dev.outmail.bench;

import dev.outmail.bench.letter.LetterSize;
import dev.outmail.bench.peer.Installation;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Whether a second worker makes a backlog go twice as fast when the server is what takes time.
record TwoWorkers() implements Scenario {
    private static final Duration WORK = Duration.ofMillis(80);
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /// Of each worker. What the settings say is the fleet's.
    private static final int CONNECTIONS = 10;

    @Override
    public String name() {
        return "two-workers";
    }

    @Override
    public String question() {
        return "A server takes 80 ms for each mail, 10 connections a worker: what do two workers"
                + " make of a backlog that one would have alone?";
    }

    @Override
    public Report run(Options options, Progress progress) throws IOException, InterruptedException {
        int backlog = options.quick() ? 100 : 6_000;
        var one = new ArrayList<Double>();
        var two = new ArrayList<Double>();
        try (var server = Arrivals.start(WORK);
                var site = Site.start(server.port())) {
            for (int round = 1; round <= options.rounds(); round++) {
                one.add(alone(site, server, backlog));
                progress.say("round %d: one worker %.0f/s".formatted(round, one.getLast()));
                two.add(together(site, server, backlog));
                progress.say("round %d: two workers %.0f/s".formatted(round, two.getLast()));
            }
        }
        return report(one, two);
    }

    private static double alone(Site site, Arrivals server, int backlog)
            throws IOException, InterruptedException {
        site.allowConnections(CONNECTIONS);
        try (var worker = site.startWorker("alone", "512m")) {
            worker.awaitPartitions(Installation.PARTITIONS);
            return messagesPerSecond(site, server, backlog);
        }
    }

    private static double together(Site site, Arrivals server, int backlog)
            throws IOException, InterruptedException {
        site.allowConnections(2 * CONNECTIONS);
        try (var first = site.startWorker("first", "512m");
                var second = site.startWorker("second", "512m")) {
            first.awaitPartitions(Installation.PARTITIONS / 2);
            second.awaitPartitions(Installation.PARTITIONS / 2);
            return messagesPerSecond(site, server, backlog);
        }
    }

    /// Of workers that have carried something before: how long they take to start is another
    /// question.
    private static double messagesPerSecond(Site site, Arrivals server, int backlog)
            throws IOException, InterruptedException {
        send(site, server, backlog / 6);
        return send(site, server, backlog);
    }

    private static double send(Site site, Arrivals server, int backlog)
            throws IOException, InterruptedException {
        server.forget();
        long start = System.nanoTime();
        site.publish(LetterSize.KB_2, backlog);
        if (!server.await(backlog, PATIENCE)) {
            throw new IOException(server.count() + " of " + backlog + " mails arrived");
        }
        return backlog * 1e9 / (server.last() - start);
    }

    private static Report report(List<Double> one, List<Double> two) {
        var ratios = new ArrayList<Double>();
        for (int round = 0; round < one.size(); round++) {
            ratios.add(two.get(round) / one.get(round));
        }
        var table = new Table("", "messages/s [min–max]");
        table.row(List.of("one worker", Spread.of(one).toString("%.0f [%.0f–%.0f]")));
        table.row(List.of("two workers", Spread.of(two).toString("%.0f [%.0f–%.0f]")));
        table.row(List.of("two : one", Spread.of(ratios).toString("%.2f [%.2f–%.2f]")));
        return new Report(table.toString(), List.of());
    }
}
