package dev.outmail.bench;

import dev.outmail.bench.letter.Batch;
import dev.outmail.bench.letter.Letter;
import dev.outmail.bench.letter.LetterSize;
import dev.outmail.bench.peer.Events;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/// How long a mail is under way when there is no crowd: from the moment at which the application
/// was to publish it to the final dot at the server.
record PublishToDelivery() implements Scenario {
    private static final int PER_SECOND = 50;
    private static final Duration GRACE = Duration.ofSeconds(30);

    private record Published(String recipient, long nanos) {}

    @Override
    public String name() {
        return "publish-to-delivery";
    }

    @Override
    public String question() {
        return "2 KB, 50 messages/s: how long from publishing to the server?";
    }

    @Override
    public Report run(Options options, Progress progress) throws IOException, InterruptedException {
        int messages = PER_SECOND * (options.quick() ? 1 : 60);
        try (var server = Arrivals.start(Duration.ZERO);
                var site = Site.start(server.port());
                var worker = site.startWorker("steady", "512m")) {
            worker.awaitPartitions(12);
            var failures = new ArrayList<String>();
            int warmUp = publish(site, messages / 3 + 1).size();
            if (!server.await(warmUp, GRACE)) {
                failures.add("warm-up: " + server.count() + " of " + warmUp + " mails arrived");
            }
            progress.say("warmed up; %,d messages a round to come".formatted(messages));
            var table = new Table("round", "messages", "p50 ms", "p99 ms", "max ms");
            for (int round = 1; round <= options.rounds(); round++) {
                server.forget();
                var published = publish(site, messages);
                if (!server.await(messages, GRACE)) {
                    failures.add(server.count() + " of " + messages + " mails arrived");
                }
                table.row(row(round, delays(published, server)));
                progress.say("round %d done".formatted(round));
            }
            return new Report(table.toString(), failures);
        }
    }

    /// Keeps to its times whatever the ones before took.
    private static List<Published> publish(Site site, int messages) throws InterruptedException {
        var batch = new Batch(LetterSize.KB_2, messages);
        var published = new ArrayList<Published>();
        long start = System.nanoTime();
        for (int i = 0; i < messages; i++) {
            long due = start + i * (TimeUnit.SECONDS.toNanos(1) / PER_SECOND);
            TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
            Letter letter = batch.next().orElseThrow();
            var _ = site.application().publish(Events.event(letter));
            published.add(new Published(letter.to(), due));
        }
        return published;
    }

    private static List<Double> delays(List<Published> published, Arrivals server) {
        var delays = new ArrayList<Double>();
        for (var one : published) {
            server.of(one.recipient()).ifPresent(at -> delays.add((at - one.nanos()) / 1e6));
        }
        delays.sort(null);
        return delays;
    }

    private static List<String> row(int round, List<Double> delays) {
        return List.of(
                Integer.toString(round),
                Integer.toString(delays.size()),
                millis(delays, 0.5),
                millis(delays, 0.99),
                millis(delays, 1));
    }

    private static String millis(List<Double> sorted, double share) {
        if (sorted.isEmpty()) {
            return "–";
        }
        int index = (int) Math.ceil(share * sorted.size()) - 1;
        return String.format(Locale.ROOT, "%.1f", sorted.get(index));
    }
}
