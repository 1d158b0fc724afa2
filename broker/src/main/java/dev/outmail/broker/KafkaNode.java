package dev.outmail.broker;

import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import kafka.server.BrokerServer;
import kafka.server.ControllerServer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.SharedServer;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.bootstrap.BootstrapDirectory;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble.VerificationFlag;
import org.apache.kafka.raft.QuorumConfig;
import org.apache.kafka.server.ServerSocketFactory;
import org.apache.kafka.server.fault.FaultHandler;
import org.apache.kafka.server.fault.LoggingFaultHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Kafka's controller and broker wired together, as `kafka.server.KafkaRaftServer` does it. That
/// class can't be used itself: it takes neither sockets nor fault handlers, and its handlers halt
/// the JVM.
final class KafkaNode {
    private static final Logger log = LoggerFactory.getLogger(KafkaNode.class);

    private final Consumer<Throwable> onFatalFault;
    private final String clusterId;
    private final ControllerServer controller;
    private final BrokerServer broker;

    KafkaNode(
            Path logs,
            Map<String, String> settings,
            ServerSocketFactory sockets,
            Consumer<Throwable> onFatalFault)
            throws Exception {
        this.onFatalFault = onFatalFault;
        KafkaConfig config = new KafkaConfig(settings, false);
        MetaPropertiesEnsemble identity =
                new MetaPropertiesEnsemble.Loader().addMetadataLogDir(logs.toString()).load();
        identity.verify(
                Optional.empty(),
                OptionalInt.of(BrokerSettings.NODE_ID),
                EnumSet.of(
                        VerificationFlag.REQUIRE_AT_LEAST_ONE_VALID,
                        VerificationFlag.REQUIRE_METADATA_LOG_DIR));
        clusterId = identity.clusterId().orElseThrow();
        SharedServer shared =
                new SharedServer(
                        config,
                        identity,
                        Time.SYSTEM,
                        new Metrics(),
                        CompletableFuture.completedFuture(
                                QuorumConfig.parseVoterConnections(config.quorumConfig().voters())),
                        List.of(),
                        this::faultHandler,
                        sockets);
        controller =
                new ControllerServer(
                        shared,
                        KafkaRaftServer.configSchema(),
                        new BootstrapDirectory(logs.toString()).read());
        broker = new BrokerServer(shared);
    }

    String clusterId() {
        return clusterId;
    }

    void start() {
        controller.startup();
        broker.startup();
    }

    /// The broker goes first: it takes leave of the controller.
    void stop(Duration timeToTakeLeave) {
        try {
            broker.shutdown(timeToTakeLeave);
        } finally {
            controller.shutdown();
        }
    }

    private FaultHandler faultHandler(String name, boolean fatal, Runnable action) {
        if (!fatal) {
            return new LoggingFaultHandler(name, action);
        }
        return (message, cause) -> {
            RuntimeException fault =
                    new IllegalStateException("Kafka's " + name + " failed: " + message, cause);
            log.error("The embedded broker can't go on", fault);
            action.run();
            onFatalFault.accept(fault);
            return fault;
        };
    }
}
