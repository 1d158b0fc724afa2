package dev.outmail.broker;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.server.config.AbstractKafkaConfig;

/// What a broker on one machine, for one application, sets differently from Kafka's defaults, which
/// are made for a cluster on machines of its own.
final class BrokerSettings {
    static final int NODE_ID = 1;

    /// Who the broker is; not for anybody to override.
    private static final Set<String> OWN =
            Set.of(
                    "node.id",
                    "broker.id",
                    "process.roles",
                    "listeners",
                    "advertised.listeners",
                    "listener.security.protocol.map",
                    "inter.broker.listener.name",
                    "controller.listener.names",
                    "controller.quorum.voters",
                    "controller.quorum.bootstrap.servers",
                    "log.dir",
                    "log.dirs",
                    "metadata.log.dir");

    static final Map<String, String> LEAN =
            Map.ofEntries(
                    // One broker holds the only replica of everything.
                    Map.entry("offsets.topic.replication.factor", "1"),
                    Map.entry("transaction.state.log.replication.factor", "1"),
                    Map.entry("transaction.state.log.min.isr", "1"),
                    Map.entry("share.coordinator.state.topic.replication.factor", "1"),
                    Map.entry("share.coordinator.state.topic.min.isr", "1"),
                    Map.entry("default.replication.factor", "1"),
                    Map.entry("min.insync.replicas", "1"),
                    // Few clients: few partitions to create, open and recover.
                    Map.entry("offsets.topic.num.partitions", "4"),
                    Map.entry("transaction.state.log.num.partitions", "4"),
                    Map.entry("share.coordinator.state.topic.num.partitions", "4"),
                    Map.entry("group.initial.rebalance.delay.ms", "0"),
                    // Topics are made on purpose, with a configuration.
                    Map.entry("auto.create.topics.enable", "false"),
                    // Mails with attachments, by default; a topic may take more.
                    Map.entry("message.max.bytes", "16777216"),
                    // Threads and buffers for one machine.
                    Map.entry("num.network.threads", "2"),
                    Map.entry("num.io.threads", "4"),
                    Map.entry("background.threads", "2"),
                    Map.entry("num.recovery.threads.per.data.dir", "2"),
                    Map.entry("log.cleaner.threads", "1"),
                    Map.entry("log.cleaner.dedupe.buffer.size", "2097152"),
                    // After a kill the controller waits until the session of the broker that was is
                    // over.
                    Map.entry("broker.session.timeout.ms", "3000"),
                    Map.entry("broker.heartbeat.interval.ms", "500"),
                    // A start that takes longer has failed.
                    Map.entry("server.max.startup.time.ms", "60000"));

    private BrokerSettings() {}

    static Map<String, String> of(Path logs, Sockets sockets, Map<String, String> overrides) {
        refuseUnknownAndOwn(overrides);
        String kafka = Sockets.KAFKA + "://" + Sockets.HOST + ":" + sockets.kafkaPort();
        String controller = Sockets.HOST + ":" + sockets.controllerPort();
        Map<String, String> settings = new HashMap<>(LEAN);
        settings.putAll(overrides);
        settings.put("node.id", String.valueOf(NODE_ID));
        settings.put("process.roles", "broker,controller");
        settings.put("listeners", kafka + "," + Sockets.CONTROLLER + "://" + controller);
        settings.put("advertised.listeners", kafka);
        settings.put(
                "listener.security.protocol.map",
                Sockets.KAFKA + ":PLAINTEXT," + Sockets.CONTROLLER + ":PLAINTEXT");
        settings.put("inter.broker.listener.name", Sockets.KAFKA);
        settings.put("controller.listener.names", Sockets.CONTROLLER);
        // A static voter: its id alone is on disk, so that the port may differ in the next run.
        settings.put("controller.quorum.voters", NODE_ID + "@" + controller);
        settings.put("log.dirs", logs.toString());
        return settings;
    }

    private static void refuseUnknownAndOwn(Map<String, String> overrides) {
        for (String name : new TreeSet<>(overrides.keySet())) {
            if (OWN.contains(name)) {
                throw new BrokerNotStarted(
                        "the broker setting %s is the embedded broker's own and can't be overridden"
                                .formatted(name));
            }
            if (!AbstractKafkaConfig.CONFIG_DEF.names().contains(name)) {
                throw new BrokerNotStarted(
                        "%s is not a broker setting of this Kafka version".formatted(name));
            }
        }
    }
}
