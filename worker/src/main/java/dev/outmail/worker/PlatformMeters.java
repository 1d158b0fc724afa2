package dev.outmail.worker;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;

/// What the JVM and Kafka's clients measure of themselves, by Micrometer's binders, on a thread of
/// their own: the first mail doesn't wait for them.
final class PlatformMeters implements AutoCloseable {
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("outmail-meters").daemon().factory());
    private final MeterRegistry registry;
    private final JvmGcMetrics collections = new JvmGcMetrics();
    private final List<KafkaClientMetrics> clients;

    PlatformMeters(
            MeterRegistry registry,
            List<Consumer<byte[], byte[]>> consumers,
            List<Producer<byte[], byte[]>> producers) {
        this.registry = registry;
        // A consumer and a producer may have the same id.
        this.clients =
                Stream.concat(
                                consumers.stream()
                                        .map(it -> meters(it, Tags.of("kind", "consumer"))),
                                producers.stream()
                                        .map(it -> meters(it, Tags.of("kind", "producer"))))
                        .toList();
    }

    private KafkaClientMetrics meters(Consumer<byte[], byte[]> consumer, Tags tags) {
        return new KafkaClientMetrics(consumer, tags, thread);
    }

    private KafkaClientMetrics meters(Producer<byte[], byte[]> producer, Tags tags) {
        return new KafkaClientMetrics(producer, tags, thread);
    }

    void start() {
        thread.execute(this::bind);
    }

    private void bind() {
        new JvmMemoryMetrics().bindTo(registry);
        collections.bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ClassLoaderMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        clients.forEach(client -> client.bindTo(registry));
    }

    @Override
    public void close() {
        thread.shutdownNow();
        clients.forEach(KafkaClientMetrics::close);
        collections.close();
    }
}
