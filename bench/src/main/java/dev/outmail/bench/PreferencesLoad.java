package dev.outmail.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.outmail.bench.peer.Installation;
import dev.outmail.config.Deployment;
import dev.outmail.kafka.TopicAdmin;
import dev.outmail.mail.EmailAddress;
import dev.outmail.preferences.PreferenceCodec;
import dev.outmail.preferences.PreferencesTail;
import dev.outmail.settings.Timing;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.ProducerRecord;

/// How long an application takes until it knows what a million recipients chose, connecting
/// included, and what that takes in its memory; the first round is the first that this process
/// reads. Nothing was compacted away: one in ten was chosen twice.
record PreferencesLoad() implements Scenario {
    private static final int MANY = 1_000_000;
    private static final int ONE_IN = 10;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @Override
    public String name() {
        return "preferences";
    }

    @Override
    public String question() {
        return "So many recipients chose when they get their mail: how long until an application"
                + " knows, and what does it take?";
    }

    @Override
    public Report run(Options options, Progress progress) throws IOException, InterruptedException {
        var failures = new ArrayList<String>();
        int recipients = options.quick() ? MANY / 1_000 : MANY;
        var table =
                new Table(
                        "recipients",
                        "s [min–max]",
                        "first",
                        "CPU s",
                        "MB of arrays",
                        "MB of heap");
        try (var closer = new Closer()) {
            var kafka =
                    closer.add(BrokerProcess.start(closer.add(Folder.create()).path())).servers();
            var deployment = Installation.deployment(kafka, Map.of());
            makeTopics(deployment);
            write(deployment, recipients, failures);
            progress.say("%,d choices are written".formatted(recipients));
            var loads = new ArrayList<Loaded>();
            for (int round = 0; round < options.rounds(); round++) {
                loads.add(load(deployment, recipients, failures));
                progress.say("round %d: %.2f s".formatted(round + 1, loads.getLast().seconds()));
            }
            table.row(row(recipients, loads));
        }
        return new Report(table.toString(), failures);
    }

    /// @param cpuSeconds of the whole process, compiler and collector included
    private record Loaded(double seconds, double cpuSeconds, long arrayBytes, long heapBytes) {}

    private static List<String> row(int recipients, List<Loaded> loads) {
        var spread = Spread.of(loads.stream().map(Loaded::seconds).toList());
        var cpu = Spread.of(loads.stream().map(Loaded::cpuSeconds).toList());
        var heap = Spread.of(loads.stream().map(loaded -> loaded.heapBytes() / 1e6).toList());
        return List.of(
                String.format(Locale.ROOT, "%,d", recipients),
                spread.toString("%.2f [%.2f–%.2f]"),
                String.format(Locale.ROOT, "%.2f", loads.getFirst().seconds()),
                cpu.toString("%.2f [%.2f–%.2f]"),
                String.format(Locale.ROOT, "%.1f", loads.getFirst().arrayBytes() / 1e6),
                heap.toString("%.1f [%.1f–%.1f]"));
    }

    private static void makeTopics(Deployment deployment) throws InterruptedException {
        try (var admin = deployment.clients("bench").admin()) {
            var topics = new TopicAdmin(admin);
            var specs = deployment.topics().specs(1, deployment.limits().maxBytes());
            topics.apply(topics.compare(specs), Optional.empty());
        }
    }

    private static void write(Deployment deployment, int recipients, List<String> failures) {
        var topic = deployment.topics().preferences();
        var failed = new AtomicInteger();
        try (var producer = deployment.clients("bench").producer("choices", Map.of())) {
            for (int number = 0; number < recipients + recipients / ONE_IN; number++) {
                var key = PreferenceCodec.key(recipient(number % recipients));
                var value = PreferenceCodec.value(timing(number));
                var _ =
                        producer.send(
                                new ProducerRecord<>(topic, 0, key, value),
                                (metadata, failure) -> {
                                    if (failure != null) {
                                        failed.incrementAndGet();
                                    }
                                });
            }
            producer.flush();
        }
        if (failed.get() > 0) {
            failures.add(failed + " choices were not written");
        }
    }

    private static EmailAddress recipient(int number) {
        return new EmailAddress("first.last-" + number, "customer-" + number % 1_000 + ".example");
    }

    private static Timing timing(int number) {
        return number % 3 == 0 ? Timing.INSTANTLY : Timing.IN_BACKGROUND;
    }

    private static Loaded load(Deployment deployment, int recipients, List<String> failures)
            throws InterruptedException {
        var tail = new PreferencesTail(deployment.clients("bench"), deployment.topics());
        var thread = Thread.ofPlatform().name("preferences").daemon().unstarted(tail);
        try {
            return load(tail, thread, recipients, failures);
        } finally {
            tail.close();
            thread.join(); // or the next one's heap would begin with this one's
        }
    }

    /// The heap includes what Kafka's client takes.
    private static Loaded load(
            PreferencesTail tail, Thread thread, int recipients, List<String> failures)
            throws InterruptedException {
        long heapBefore = heapBytes();
        long cpuBefore = cpuNanos();
        long start = System.nanoTime();
        thread.start();
        if (!tail.awaitRead(PATIENCE)) {
            failures.add("not read within " + PATIENCE);
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        double cpuSeconds = (cpuNanos() - cpuBefore) / 1e9;
        long heap = heapBytes() - heapBefore;
        var preferences = tail.preferences();
        if (preferences.size() != recipients) {
            failures.add(preferences.size() + " choices of " + recipients);
        }
        return new Loaded(seconds, cpuSeconds, preferences.bytes(), heap);
    }

    private static long cpuNanos() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    /// After a full collection.
    private static long heapBytes() {
        var memory = ManagementFactory.getMemoryMXBean();
        memory.gc();
        return memory.getHeapMemoryUsage().getUsed();
    }
}
