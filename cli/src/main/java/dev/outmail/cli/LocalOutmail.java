package dev.outmail.cli;

import dev.outmail.broker.EmbeddedBroker;
import dev.outmail.config.Deployment;
import dev.outmail.config.DeploymentReader;
import dev.outmail.console.Console;
import dev.outmail.delivery.RetryPolicy;
import dev.outmail.kafka.TopicAdmin;
import dev.outmail.settings.Settings;
import dev.outmail.settings.SettingsStore;
import dev.outmail.worker.LastingWorker;
import dev.outmail.worker.Worker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/// All of Outmail in this process: a broker with its topics, settings that start Silent, and a
/// worker.
public final class LocalOutmail implements AutoCloseable {
    private static final int PARTITIONS = 12;
    private static final String PROFILE = "default";

    private final EmbeddedBroker broker;
    private final Map<String, String> config;
    private final Deployment deployment;
    private final LastingWorker worker;
    private @Nullable Console console;

    private LocalOutmail(
            EmbeddedBroker broker,
            Map<String, String> config,
            Deployment deployment,
            LastingWorker worker) {
        this.broker = broker;
        this.config = Map.copyOf(config);
        this.deployment = deployment;
        this.worker = worker;
    }

    /// Starts all of it.
    ///
    /// @param kafkaPort 0 for any free one
    /// @param config keys of the deployment, beside where Kafka is
    public static LocalOutmail start(Path data, int kafkaPort, Map<String, String> config)
            throws IOException, InterruptedException {
        var broker = EmbeddedBroker.start(EmbeddedBroker.Options.in(data).withKafkaPort(kafkaPort));
        LocalOutmail started = null;
        try {
            var keys = new HashMap<>(config);
            keys.put("kafka.bootstrap.servers", broker.bootstrapServers());
            var deployment = DeploymentReader.read(keys, Map.of());
            createTopics(deployment);
            startSilent(deployment);
            started = new LocalOutmail(broker, config, deployment, startWorker(deployment));
            return started;
        } finally {
            if (started == null) {
                broker.close();
            }
        }
    }

    private static LastingWorker startWorker(Deployment deployment) throws IOException {
        var inDoubt = deployment.smtp().finalDotTimeout();
        return LastingWorker.start(deployment, RetryPolicy.DEFAULT.withInDoubt(inDoubt));
    }

    private static void createTopics(Deployment deployment) throws InterruptedException {
        try (var admin = deployment.clients("up").admin()) {
            var topics = new TopicAdmin(admin);
            var specs = deployment.topics().specs(PARTITIONS, deployment.limits().maxBytes());
            topics.apply(topics.compare(specs), Optional.empty());
        }
    }

    private static void startSilent(Deployment deployment) {
        var store = new SettingsStore(deployment.clients("up"), deployment.topics());
        if (store.read().isEmpty()) {
            // A conflict means that someone else was quicker, which is as good.
            store.save(PROFILE, 0L, initial -> Settings.INITIAL);
        }
    }

    /// Starts the console, too. Its files are beside the broker's.
    ///
    /// @param port 0 for any free one
    Console startConsole(Path data, int port) throws IOException {
        var keys = new HashMap<>(config);
        keys.put("kafka.bootstrap.servers", broker.bootstrapServers());
        keys.put("http.port", Integer.toString(port));
        keys.put("worker.id", "console");
        keys.put("console.users", data.resolve("console-users").toString());
        keys.put("console.data", data.resolve("console").toString());
        keys.put("console.test-hosts", "127.0.0.1:*,localhost:*");
        var started = Console.start(DeploymentReader.read(keys, Map.of()));
        console = started;
        return started;
    }

    public Deployment deployment() {
        return deployment;
    }

    public String bootstrapServers() {
        return broker.bootstrapServers();
    }

    public Worker worker() {
        return worker.worker();
    }

    /// Waits until the worker ended, which it does when closed or when the broker fails.
    ///
    /// @throws ExecutionException when one of them can't go on
    void awaitEnd() throws InterruptedException, ExecutionException {
        var brokerFailed = broker.failure();
        var _ = brokerFailed.thenRun(worker::close);
        worker.awaitEnd();
        if (brokerFailed.isDone()) {
            throw new ExecutionException(brokerFailed.join());
        }
    }

    @Override
    public void close() {
        if (console != null) {
            console.close();
        }
        worker.close();
        broker.close();
    }
}
