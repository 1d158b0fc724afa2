package dev.outmail.bench;

import dev.outmail.bench.letter.LetterSize;
import dev.outmail.bench.peer.Installation;
import dev.outmail.bench.peer.Target;
import dev.outmail.config.Deployment;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/// How many mails a second `outmail smtp-in` takes from Postfix's smtp-source, each answered when
/// Kafka has it; that all of them are there is counted.
record SmtpInLoad() implements Scenario {
    private static final int MANY = 40_000;

    @Override
    public String name() {
        return "smtp-in";
    }

    @Override
    public String question() {
        return "Mails of 2 KB from smtp-source: how many a second does smtp-in publish?";
    }

    /// @param keeping its connections
    private record Way(String label, int connections, boolean keeping) {}

    private static final List<Way> WAYS =
            List.of(
                    new Way("20 connections, kept", 20, true),
                    new Way("50 connections, kept", 50, true),
                    new Way("20 at a time, one a mail", 20, false));

    @Override
    public Report run(Options options, Progress progress) throws IOException, InterruptedException {
        var failures = new ArrayList<String>();
        var table = new Table("", "mails/s [min–max]", "CPU s per 10,000: smtp-in", "broker");
        try (var closer = new Closer()) {
            var folder = closer.add(Folder.create()).path();
            var broker = closer.add(BrokerProcess.start(folder));
            var target = new Target(Sink.HOST, 25, 1, broker.servers());
            var deployment = Installation.deployment(broker.servers(), Map.of());
            Installation.prepare(deployment, target.server());
            var smtpIn = closer.add(SmtpInProcess.start(broker.servers(), folder));
            int messages = options.quick() ? MANY / 100 : MANY;
            for (var way : WAYS) {
                var source = source(way, smtpIn.port(), folder);
                source.run(messages);
                var rates = new ArrayList<Double>();
                var before = new Used(smtpIn.cpu(), broker.cpu(), count(deployment));
                for (int round = 0; round < options.rounds(); round++) {
                    rates.add(source.run(messages).messagesPerSecond());
                    progress.say("%s: %,.0f/s".formatted(way.label(), rates.getLast()));
                }
                var after = new Used(smtpIn.cpu(), broker.cpu(), count(deployment));
                long sent = (long) messages * options.rounds();
                if (after.records() - before.records() != sent) {
                    failures.add(way.label() + ": not " + sent + " more events on the topic");
                }
                table.row(
                        List.of(
                                way.label(),
                                Spread.of(rates).toString("%,.0f [%,.0f–%,.0f]"),
                                per10000(before.smtpIn(), after.smtpIn(), sent),
                                per10000(before.broker(), after.broker(), sent)));
            }
        }
        return new Report(table.toString(), failures);
    }

    private record Used(Duration smtpIn, Duration broker, long records) {}

    private static SmtpSource source(Way way, int port, Path folder) throws IOException {
        var target = new Target(Sink.HOST, port, way.connections(), "");
        return new SmtpSource(target, LetterSize.KB_2, folder, way.keeping());
    }

    private static String per10000(Duration before, Duration after, long messages) {
        double seconds = after.minus(before).toNanos() / 1e9;
        return String.format(Locale.ROOT, "%.2f", seconds * 10_000 / messages);
    }

    /// Records on the topic of events.
    private static long count(Deployment deployment) throws InterruptedException, IOException {
        try (var admin = deployment.clients("bench").admin()) {
            var ends =
                    IntStream.range(0, Installation.PARTITIONS)
                            .mapToObj(number ->
                                    new TopicPartition(deployment.topics().events(), number))
                            .collect(Collectors.toMap(one -> one, one -> OffsetSpec.latest()));
            return admin.listOffsets(ends).all().get().values().stream()
                    .mapToLong(end -> end.offset())
                    .sum();
        } catch (ExecutionException e) {
            throw new IOException("the events can't be counted", e);
        }
    }
}
