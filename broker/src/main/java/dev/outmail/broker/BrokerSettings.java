package dev.outmail.broker;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
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

    private static final Set<String> AUTHORIZERS =
            Set.of("super.users", "allow.everyone.if.no.acl.found");

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
                    // Tells brokers that nothing happened, of which there is one, in the process of
                    // the controller; written to disk twice a second by default.
                    Map.entry("metadata.max.idle.interval.ms", "10000"),
                    // A start that takes longer has failed.
                    Map.entry("server.max.startup.time.ms", "60000"));

    private BrokerSettings() {}

    static Map<String, String> of(Path logs, Sockets sockets, EmbeddedBroker.Options options) {
        refuseUnknownAndOwn(options.overrides());
        Map<String, String> protocols = new TreeMap<>(options.listeners());
        protocols.put(Sockets.KAFKA, "PLAINTEXT");
        String advertised =
                joined(protocols.keySet(), name -> name + "://" + address(sockets.port(name)));
        protocols.put(Sockets.CONTROLLER, "PLAINTEXT");
        String controller = address(sockets.port(Sockets.CONTROLLER));
        Map<String, String> settings = new HashMap<>(LEAN);
        settings.putAll(options.overrides());
        settings.put("node.id", String.valueOf(NODE_ID));
        settings.put("process.roles", "broker,controller");
        settings.put("listeners", advertised + "," + Sockets.CONTROLLER + "://" + controller);
        settings.put("advertised.listeners", advertised);
        settings.put(
                "listener.security.protocol.map",
                joined(protocols.keySet(), name -> name + ":" + protocols.get(name)));
        settings.put("inter.broker.listener.name", Sockets.KAFKA);
        settings.put("controller.listener.names", Sockets.CONTROLLER);
        // A static voter: its id alone is on disk, so that the port may differ in the next run.
        settings.put("controller.quorum.voters", NODE_ID + "@" + controller);
        settings.put("log.dirs", logs.toString());
        return settings;
    }

    private static String joined(Set<String> names, Function<String, String> text) {
        return names.stream().map(text).collect(Collectors.joining(","));
    }

    private static String address(int port) {
        return Sockets.HOST + ":" + port;
    }

    /// What is said of one listener, and to the authorizer, is not among Kafka's settings.
    private static boolean isKnown(String name) {
        return AbstractKafkaConfig.CONFIG_DEF.names().contains(name)
                || name.startsWith("listener.name.")
                || AUTHORIZERS.contains(name);
    }

    private static void refuseUnknownAndOwn(Map<String, String> overrides) {
        for (String name : new TreeSet<>(overrides.keySet())) {
            if (OWN.contains(name)) {
                throw new BrokerNotStarted(
                        "the broker setting %s is the embedded broker's own and can't be overridden"
                                .formatted(name));
            }
            if (!isKnown(name)) {
                throw new BrokerNotStarted(
                        "%s is not a broker setting of this Kafka version".formatted(name));
            }
        }
    }
}
