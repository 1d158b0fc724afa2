package dev.outmail.cli;

import dev.outmail.config.Deployment;
import dev.outmail.config.DeploymentReader;
import dev.outmail.kafka.KafkaClients;
import dev.outmail.kafka.Role;
import dev.outmail.kafka.TopicAdmin;
import dev.outmail.kafka.Topics;
import dev.outmail.mail.EventLimits;
import dev.outmail.testkit.kafka.SecuredKafka;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.kafka.common.acl.AclBinding;

/// A Kafka that lets nobody do what was not granted, and people who try.
final class SecuredSite implements AutoCloseable {
    private final Path folder;
    private final SecuredKafka kafka;
    private final Map<String, Map<String, String>> logins = new HashMap<>();

    private SecuredSite(Path folder) {
        this.folder = folder;
        this.kafka = SecuredKafka.start(folder);
        logins.put("root", Map.of("bootstrap.servers", kafka.adminBootstrapServers()));
    }

    static SecuredSite start(Path folder) {
        return new SecuredSite(folder);
    }

    SecuredKafka kafka() {
        return kafka;
    }

    /// These log in by passwords from now on.
    void users(List<String> names) {
        var passwords = new HashMap<String, String>();
        names.forEach(name -> passwords.put(name, "secret of " + name));
        kafka.putUsers(passwords);
        passwords.forEach((name, password) -> logins.put(name, kafka.byPassword(name, password)));
    }

    /// This one is known by a certificate from now on.
    void certified(String name) {
        logins.put(name, kafka.byCertificate(name));
    }

    void login(String name, Map<String, String> config) {
        logins.put(name, config);
    }

    /// What the role needs, an operation at a time.
    static Stream<AclBinding> bindings(String name, Role role, Topics topics) {
        return role.grants(topics).stream()
                .flatMap(grant ->
                        grant.operations().stream()
                                .map(operation ->
                                        SecuredKafka.binding(name, grant.resource(), operation)));
    }

    void makeTopics(List<Topics> all) throws InterruptedException {
        var admin = new TopicAdmin(kafka.admin());
        var specs =
                all.stream()
                        .flatMap(topics -> topics.specs(1, EventLimits.DEFAULT.maxBytes()).stream())
                        .toList();
        admin.apply(admin.compare(specs), Optional.empty());
    }

    KafkaClients clients(String name) {
        return deployment(name, new Topics(Topics.DEFAULT_PREFIX)).clients("test");
    }

    Deployment deployment(String name, Topics topics) {
        return DeploymentReader.read(keys(name, topics), Map.of());
    }

    private Map<String, String> keys(String name, Topics topics) {
        var keys = new HashMap<String, String>();
        Objects.requireNonNull(logins.get(name), name)
                .forEach((key, value) -> keys.put("kafka." + key, value));
        // Closing waits for a fetch that is under way.
        keys.put("kafka.fetch.max.wait.ms", "50");
        keys.put("topics.prefix", topics.prefix());
        keys.put("http.port", "0");
        keys.put("http.address", "127.0.0.1");
        keys.put("worker.id", name);
        keys.put("console.users", folder.resolve("users").toString());
        keys.put("console.data", folder.resolve("index").toString());
        keys.put("worker.drain-timeout", "1s");
        return keys;
    }

    /// Runs a command as somebody.
    Ran run(String name, Topics topics, String... words) {
        var arguments = new ArrayList<>(List.of(words));
        arguments.addAll(List.of("--config", config(name, topics).toString()));
        return Ran.outmail(arguments.toArray(String[]::new));
    }

    private Path config(String name, Topics topics) {
        var properties = new Properties();
        properties.putAll(keys(name, topics));
        var file = folder.resolve(name + ".properties");
        try (var writer = Files.newBufferedWriter(file)) {
            properties.store(writer, null);
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        kafka.close();
    }
}
