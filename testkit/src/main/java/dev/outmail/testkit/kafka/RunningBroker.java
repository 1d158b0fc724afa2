package dev.outmail.testkit.kafka;

import dev.outmail.broker.EmbeddedBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.common.utils.AppInfoParser;
import org.junit.jupiter.api.Assumptions;
import org.testcontainers.containers.ContainerFetchException;
import org.testcontainers.kafka.KafkaContainer;

/// The broker that all test classes of one run share.
sealed interface RunningBroker extends AutoCloseable {

    String bootstrapServers();

    /// What broke the broker, if it is broken.
    Optional<Throwable> failure();

    @Override
    void close() throws IOException;

    static RunningBroker start(Place place) throws IOException {
        return switch (place) {
            case THIS_JVM -> InProcess.start();
            case CONTAINER -> InContainer.start();
            case CONTAINER_OR_NOT_AT_ALL -> InContainer.startIfPossible();
        };
    }

    /// A broker in this JVM, its data in a folder that lives as long.
    record InProcess(EmbeddedBroker broker, Path data) implements RunningBroker {
        static InProcess start() throws IOException {
            Path data = Files.createTempDirectory("outmail-broker-");
            return new InProcess(EmbeddedBroker.start(EmbeddedBroker.Options.in(data)), data);
        }

        @Override
        public String bootstrapServers() {
            return broker.bootstrapServers();
        }

        @Override
        public Optional<Throwable> failure() {
            return broker.failure().isDone()
                    ? Optional.of(broker.failure().join())
                    : Optional.empty();
        }

        @Override
        public void close() throws IOException {
            broker.close();
            try (Stream<Path> files = Files.walk(data)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    /// A broker in a container, of the same version and with the same settings.
    record InContainer(KafkaContainer container) implements RunningBroker {
        /// Aborts the tests where there can be none.
        static InContainer startIfPossible() {
            Assumptions.assumeTrue(
                    Place.dockerAnswers(),
                    "no Docker engine answers, so that there is no broker of Testcontainers");
            try {
                return start();
            } catch (ContainerFetchException e) {
                return Assumptions.abort(
                        "the Docker engine has no broker's image and can't get it: "
                                + e.getMessage());
            }
        }

        @SuppressWarnings("resource") // closed by the extension's store
        static InContainer start() {
            var container = new KafkaContainer("apache/kafka:" + AppInfoParser.getVersion());
            EmbeddedBroker.leanSettings()
                    .forEach((name, value) -> container.addEnv(variable(name), value));
            container.start();
            return new InContainer(container);
        }

        @Override
        public String bootstrapServers() {
            return container.getBootstrapServers();
        }

        @Override
        public Optional<Throwable> failure() {
            return container.isRunning()
                    ? Optional.empty()
                    : Optional.of(
                            new IllegalStateException(
                                    "the container is down:\n" + container.getLogs()));
        }

        @Override
        public void close() {
            container.close();
        }

        private static String variable(String setting) {
            return "KAFKA_" + setting.replace('.', '_').toUpperCase(Locale.ROOT);
        }
    }
}
