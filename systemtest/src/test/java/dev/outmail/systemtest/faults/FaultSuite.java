package dev.outmail.systemtest.faults;

import dev.outmail.testkit.kafka.KafkaProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// What all fault tests of a run share: a broker in a process of its own, the seed, the size, and
/// the report that ends the run. `-Pfaults` makes the tests as large as reliability demands;
/// without it they are small. `-Doutmail.test.seed=N` repeats a run's choices. What the workers
/// said is in `target`, in a file for each.
final class FaultSuite implements BeforeAllCallback {
    private static final boolean FULL = Boolean.getBoolean("outmail.test.faults");

    /// For whatever must come to an end.
    static final Duration PATIENCE = Duration.ofMinutes(sized(2, 10));

    private static final long SEED =
            Long.getLong("outmail.test.seed", new Random().nextInt(1_000_000));

    /// Kafka looks every five minutes for what it may delete, by which time tests are over.
    private static final Map<String, String> BROKER =
            Map.of("log.retention.check.interval.ms", "1000");

    private @Nullable Shared shared;

    private record Shared(Path folder, KafkaProcess kafka, Report report, AtomicInteger rigs)
            implements AutoCloseable {
        static Shared start() {
            try {
                var folder = Files.createTempDirectory("outmail-faults");
                var kafka = KafkaProcess.start(folder.resolve("kafka"), 0, BROKER);
                return new Shared(folder, kafka, new Report(FULL), new AtomicInteger());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() throws IOException {
            kafka.close();
            report.print();
            try (var files = Files.walk(folder)) {
                for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        shared =
                context.getStore(
                                ExtensionContext.StoreScope.LAUNCHER_SESSION,
                                ExtensionContext.Namespace.create(FaultSuite.class))
                        .computeIfAbsent(Shared.class, type -> Shared.start(), Shared.class);
    }

    /// As many as this run's size asks for.
    static int sized(int small, int full) {
        return FULL ? full : small;
    }

    /// Of the cases of a test, those that this run's size asks for; or that of
    /// `-Doutmail.test.only=NAME`.
    static <E extends Enum<E>> Set<E> sized(EnumSet<E> small, Class<E> full) {
        var cases = FULL ? EnumSet.allOf(full) : EnumSet.copyOf(small);
        var only = System.getProperty("outmail.test.only", "");
        cases.removeIf(one -> !only.isEmpty() && !one.name().equals(only));
        return cases;
    }

    static long seed() {
        return SEED;
    }

    static boolean isFull() {
        return FULL;
    }

    /// A rig of its own for a test, on the shared broker.
    RigPlan rig(String test) {
        return rig(test, kafka().bootstrapServers());
    }

    /// A rig on brokers of the test's own.
    RigPlan rig(String test, String bootstrapServers) {
        System.out.printf("%s: seed %d%n", test, SEED);
        int number = shared().rigs().incrementAndGet();
        return new RigPlan(
                test,
                SEED,
                bootstrapServers,
                "faults" + number + ".",
                folder("rig-" + number),
                shared().report());
    }

    KafkaProcess kafka() {
        return shared().kafka();
    }

    /// A folder that is gone after the run.
    Path folder(String name) {
        try {
            return Files.createDirectories(shared().folder().resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Shared shared() {
        return Objects.requireNonNull(shared, "a static field with @RegisterExtension");
    }
}
