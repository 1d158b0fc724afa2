package dev.outmail.bench.peer;

import dev.outmail.config.Deployment;
import dev.outmail.config.DeploymentReader;
import dev.outmail.kafka.TopicAdmin;
import dev.outmail.mail.Mailbox;
import dev.outmail.settings.Connection;
import dev.outmail.settings.Sender;
import dev.outmail.settings.SettingsStore;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// What an operator and an admin do before the first mail.
public final class Installation {
    public static final int PARTITIONS = 12;

    private static final Mailbox SENDER = Mailbox.parse("Outmail <outmail@example.com>");

    private Installation() {}

    /// A deployment on loopback.
    public static Deployment deployment(String kafka, Map<String, String> more) {
        return DeploymentReader.read(keys(kafka, more), Map.of());
    }

    /// Its keys.
    public static Map<String, String> keys(String kafka, Map<String, String> more) {
        var keys = new HashMap<>(more);
        keys.put("kafka.bootstrap.servers", kafka);
        keys.putIfAbsent("http.address", "127.0.0.1");
        keys.putIfAbsent("http.port", "0");
        keys.putIfAbsent("smtp.localhost", "bench.localhost");
        return keys;
    }

    /// Creates the topics and makes the default profile send through a server.
    public static void prepare(Deployment deployment, Connection.SmtpServer server)
            throws InterruptedException {
        var clients = deployment.clients("bench");
        try (var admin = clients.admin()) {
            var topics = new TopicAdmin(admin);
            var specs = deployment.topics().specs(PARTITIONS, deployment.limits().maxBytes());
            topics.apply(topics.compare(specs), Optional.empty());
        }
        deliverTo(deployment, server);
    }

    /// Makes the default profile send through a server, from now on.
    public static void deliverTo(Deployment deployment, Connection.SmtpServer server) {
        new SettingsStore(deployment.clients("bench"), deployment.topics())
                .update(
                        "default",
                        settings ->
                                settings.withConnection(server)
                                        .withSender(
                                                new Sender(
                                                        SENDER.address(), SENDER.name(), false)));
    }
}
