package dev.outmail.cli;

import dev.outmail.config.Deployment;
import dev.outmail.config.DeploymentReader;
import dev.outmail.kafka.KafkaClients;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which Kafka a command speaks to, and all else that a deployment says.
final class KafkaOptions {
    private static final String BOOTSTRAP_SERVERS = "kafka.bootstrap.servers";
    private static final String LOCAL = "localhost:9092";

    private @Nullable Path config;

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            defaultValue = "${env:" + DeploymentReader.CONFIG_VARIABLE + "}",
            description =
                    "Properties file of the deployment, such as kafka.bootstrap.servers=host:9092."
                            + " Environment variables (OUTMAIL_KAFKA_BOOTSTRAP_SERVERS) count more."
                            + " Without it: what OUTMAIL_CONFIG names.")
    void config(Path named) {
        config = named.toString().isEmpty() ? null : named;
    }

    @Option(
            names = {"-b", "--bootstrap-servers"},
            paramLabel = "HOST:PORT",
            description = "Kafka to speak to; counts most. Where nothing names one: " + LOCAL)
    private @Nullable String bootstrapServers;

    /// With a file that is read where none is named, and it is there.
    KafkaOptions orFile(Path usual) {
        // one that may not be looked at is one, and reading it says so
        if (config == null && !Files.notExists(usual)) {
            config = usual;
        }
        return this;
    }

    /// The file; null where none is read.
    @Nullable Path configuration() {
        return config;
    }

    /// With a default of a command's own.
    Deployment deployment(String key, String defaultValue) throws IOException {
        var keys = keys();
        keys.putIfAbsent(key, defaultValue);
        return read(keys);
    }

    Deployment deployment() throws IOException {
        return read(keys());
    }

    private static Deployment read(Map<String, String> keys) {
        var deployment = DeploymentReader.read(keys, Map.of());
        LogFormat.use(keys);
        return deployment;
    }

    /// What the deployment locks of the settings.
    LockedHere locks() throws IOException {
        var environment = DeploymentReader.locks(DeploymentReader.keys(System.getenv()));
        return new LockedHere(
                deployment().locks(), environment, config == null ? "" : config.toString());
    }

    /// The deployment as keys; what the command line and the environment say is in them.
    private Map<String, String> keys() throws IOException {
        var keys = new HashMap<String, String>();
        keys.put(BOOTSTRAP_SERVERS, LOCAL);
        keys.putAll(file());
        keys.putAll(DeploymentReader.keys(System.getenv()));
        if (bootstrapServers != null) {
            keys.put(BOOTSTRAP_SERVERS, bootstrapServers);
        }
        return keys;
    }

    private Map<String, String> file() throws IOException {
        if (config == null) {
            return Map.of();
        }
        var read = new Properties();
        try (var reader = Files.newBufferedReader(config)) {
            read.load(reader);
        } catch (NoSuchFileException e) {
            throw Failure.wrongUsage("There is no file " + config + " (--config)");
        } catch (IOException | IllegalArgumentException e) {
            throw Failure.wrongUsage("Can't read " + config + " (--config): " + e.getMessage());
        }
        var properties = new HashMap<String, String>();
        read.stringPropertyNames().forEach(name -> properties.put(name, read.getProperty(name)));
        return properties;
    }

    /// The deployment, found to have a Kafka that listens: for a command that a person waits for.
    Deployment reachable() throws IOException {
        var deployment = deployment();
        Preflight.someoneListens(clients(deployment).bootstrapServers());
        return deployment;
    }

    static KafkaClients clients(Deployment deployment) {
        return deployment.clients("cli");
    }
}
