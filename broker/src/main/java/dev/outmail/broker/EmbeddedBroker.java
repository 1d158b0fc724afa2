package dev.outmail.broker;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A Kafka broker inside this JVM: one node that is its own controller (KRaft), reachable on
/// loopback only, with its data in a folder that the next start takes up again.
///
/// What it has acknowledged survives the end of this process, a kill included. It does not survive
/// the sudden end of the machine: Kafka leaves the writing to the operating system and counts on
/// replicas, of which there are none here (`flush.messages` of a topic trades speed for that).
public final class EmbeddedBroker implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EmbeddedBroker.class);

    private static final Duration TIME_TO_TAKE_LEAVE = Duration.ofSeconds(10);
    private static final Duration TIME_TO_CLOSE = Duration.ofSeconds(30);

    private final CompletableFuture<Throwable> failure = new CompletableFuture<>();
    private final Consumer<Throwable> onFatalFault = this::fail;
    private final DataFolder folder;
    private final Sockets sockets;
    private final KafkaNode node;

    /// Guarded by this.
    private boolean closed;

    /// What a broker is started with.
    ///
    /// @param data the folder for its data, created if it is missing
    /// @param kafkaPort the port for clients, 0 for a free one
    /// @param overrides broker settings in Kafka's own names, over the lean ones of
    ///   [EmbeddedBroker#leanSettings()]
    /// @param listeners more listeners on free ports, such as one for TLS: a name in capital
    ///   letters each, and its security protocol. The first listener stays without, for the broker
    ///   itself
    public record Options(
            Path data,
            int kafkaPort,
            Map<String, String> overrides,
            Map<String, String> listeners) {
        public Options {
            Objects.requireNonNull(data, "data");
            if (kafkaPort < 0 || kafkaPort > 65_535) {
                throw new IllegalArgumentException(
                        "a port is a number from 0 to 65535, not " + kafkaPort);
            }
            overrides = Map.copyOf(overrides);
            listeners = Map.copyOf(listeners);
        }

        /// On any free port, with no overrides.
        public static Options in(Path data) {
            return new Options(data, 0, Map.of(), Map.of());
        }

        public Options withKafkaPort(int port) {
            return new Options(data, port, overrides, listeners);
        }

        public Options withOverrides(Map<String, String> settings) {
            return new Options(data, kafkaPort, settings, listeners);
        }

        public Options withListeners(Map<String, String> more) {
            return new Options(data, kafkaPort, overrides, more);
        }
    }

    private EmbeddedBroker(DataFolder folder, Sockets sockets, Options options) throws Exception {
        this.folder = folder;
        this.sockets = sockets;
        Path logs = folder.formattedLogs(BrokerSettings.NODE_ID);
        Map<String, String> settings = BrokerSettings.of(logs, sockets, options);
        this.node = new KafkaNode(logs, settings, sockets, onFatalFault);
    }

    /// Starts a broker and returns when it answers.
    ///
    /// @throws BrokerNotStarted when the port is taken, the folder can't be written or belongs to a
    ///   running broker, an override is unknown, or Kafka itself refuses
    public static EmbeddedBroker start(Options options) {
        DataFolder folder = DataFolder.open(options.data());
        Sockets sockets = null;
        EmbeddedBroker broker = null;
        try {
            sockets = new Sockets(options.kafkaPort(), options.listeners().keySet());
            broker = new EmbeddedBroker(folder, sockets, options);
            KafkaExit.leadTo(broker.onFatalFault);
            broker.node.start();
            return broker;
        } catch (Throwable e) {
            abandon(broker, sockets, folder);
            throw notStarted(options, e);
        }
    }

    /// Broker settings by which Kafka fits on a machine that it shares, with one replica of
    /// everything.
    public static Map<String, String> leanSettings() {
        return BrokerSettings.LEAN;
    }

    /// Where clients connect: `127.0.0.1:PORT`.
    public String bootstrapServers() {
        return Sockets.HOST + ":" + kafkaPort();
    }

    public int kafkaPort() {
        return sockets.kafkaPort();
    }

    /// Where clients connect to one of [Options#listeners()].
    public String bootstrapServers(String listener) {
        return Sockets.HOST + ":" + sockets.port(listener);
    }

    /// The same for as long as the data folder lives.
    public String clusterId() {
        return node.clusterId();
    }

    /// Completes with the reason when the broker can't go on (its disk is gone, its metadata can't
    /// be read); never because it was closed. The broker must still be closed.
    public CompletableFuture<Throwable> failure() {
        return failure.copy();
    }

    /// Shuts the broker down in an orderly way. Returns after half a minute at the latest; a broker
    /// that is not down by then is left to end by itself.
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        Thread closing =
                Thread.ofPlatform().name("embedded-broker-close").daemon().start(this::stop);
        try {
            if (!closing.join(TIME_TO_CLOSE)) {
                log.warn(
                        "The embedded broker is not down after {} s; it is left to itself",
                        TIME_TO_CLOSE.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Tells of it on a thread of its own: who hears it may close the broker, which waits for
    /// Kafka's.
    private void fail(Throwable fault) {
        Thread.startVirtualThread(() -> failure.complete(fault));
    }

    private void stop() {
        try (folder;
                sockets) {
            node.stop(TIME_TO_TAKE_LEAVE);
        } catch (Exception e) {
            log.warn("The embedded broker did not shut down cleanly", e);
        } finally {
            KafkaExit.leave(onFatalFault);
        }
    }

    private static void abandon(
            @Nullable EmbeddedBroker broker, @Nullable Sockets sockets, DataFolder folder) {
        if (broker != null) {
            broker.close();
            return;
        }
        if (sockets != null) {
            sockets.close();
        }
        folder.close();
    }

    private static BrokerNotStarted notStarted(Options options, Throwable cause) {
        if (cause instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        return cause instanceof BrokerNotStarted known
                ? known
                : new BrokerNotStarted(
                        "Kafka did not start in %s: %s".formatted(options.data(), cause), cause);
    }
}
