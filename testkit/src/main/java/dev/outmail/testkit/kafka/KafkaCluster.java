package dev.outmail.testkit.kafka;

import dev.outmail.broker.EmbeddedBroker;
import dev.outmail.testkit.Await;
import dev.outmail.testkit.ExternalProgram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.common.Uuid;

/// Several brokers, each a controller too and a process of its own, for tests that kill some of
/// them. What is written must be on two of them.
///
/// For one test thread.
public final class KafkaCluster implements AutoCloseable {
    private static final Duration TIME_TO_START = Duration.ofSeconds(90);

    private final List<Integer> kafkaPorts;
    private final List<Integer> controllerPorts;
    private final List<Path> configs = new ArrayList<>();
    private final ExternalProgram[] brokers;

    private KafkaCluster(Path data, int count) throws IOException {
        var ports = freePorts(2 * count);
        kafkaPorts = ports.subList(0, count);
        controllerPorts = ports.subList(count, 2 * count);
        brokers = new ExternalProgram[count];
        var clusterId = Uuid.randomUuid().toString();
        for (int i = 0; i < count; i++) {
            configs.add(configured(data, i));
            format(configs.get(i), clusterId);
        }
    }

    /// Starts so many brokers and returns when all are there.
    public static KafkaCluster start(Path data, int count) {
        try {
            var cluster = new KafkaCluster(data, count);
            IntStream.range(0, count).forEach(cluster::startAgain);
            cluster.awaitBrokers(count);
            return cluster;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String bootstrapServers() {
        return kafkaPorts.stream()
                .map(port -> "127.0.0.1:" + port)
                .collect(Collectors.joining(","));
    }

    public int size() {
        return brokers.length;
    }

    /// Ends a broker without a warning (SIGKILL).
    ///
    /// @param index from 0
    public void kill(int index) {
        brokers[index].kill();
    }

    /// Starts a broker, with the data it had. Does not wait.
    public void startAgain(int index) {
        brokers[index] = java("kafka.Kafka", configs.get(index).toString());
    }

    /// Waits until so many brokers are in the cluster.
    public void awaitBrokers(int count) {
        try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers()))) {
            Await.until(
                    TIME_TO_START,
                    () -> admin.describeCluster().nodes().get().size() >= count,
                    () -> count + " brokers; their output:\n" + output());
        }
    }

    /// Waits until a broker that was started answers for itself, and every copy of every partition
    /// is in step. Before that the cluster may go on counting a broker that was killed, and another
    /// one killed then is a second one that is missing.
    public void awaitInStep(int index) {
        try (var one = admin("127.0.0.1:" + kafkaPorts.get(index));
                var all = admin(bootstrapServers())) {
            Await.until(
                    TIME_TO_START,
                    () -> answers(one, kafkaPorts.get(index)) && isInStep(all),
                    () -> "broker " + index + " is in step; the brokers' output:\n" + output());
        }
    }

    private static Admin admin(String servers) {
        return Admin.create(
                Map.of(
                        "bootstrap.servers", servers,
                        "request.timeout.ms", "3000",
                        "default.api.timeout.ms", "3000"));
    }

    private static boolean answers(Admin admin, int port) throws InterruptedException {
        try {
            return admin.describeCluster().nodes().get().stream()
                    .anyMatch(node -> node.port() == port);
        } catch (ExecutionException e) {
            return false; // not yet
        }
    }

    private static boolean isInStep(Admin admin) throws InterruptedException {
        try {
            var topics = admin.listTopics(new ListTopicsOptions().listInternal(true)).names().get();
            return admin.describeTopics(topics).allTopicNames().get().values().stream()
                    .flatMap(topic -> topic.partitions().stream())
                    .allMatch(partition -> partition.isr().size() == partition.replicas().size());
        } catch (ExecutionException e) {
            return false; // not yet
        }
    }

    @Override
    public void close() {
        Arrays.stream(brokers).filter(ExternalProgram::isRunning).forEach(ExternalProgram::kill);
    }

    private String output() {
        return Arrays.stream(brokers)
                .map(ExternalProgram::output)
                .collect(Collectors.joining("\n"));
    }

    private Path configured(Path data, int index) throws IOException {
        var folder = Files.createDirectories(data.resolve("broker-" + index));
        var settings = new TreeMap<>(EmbeddedBroker.leanSettings());
        settings.putAll(
                Map.of(
                        "offsets.topic.replication.factor", "3",
                        "transaction.state.log.replication.factor", "3",
                        "transaction.state.log.min.isr", "2",
                        "default.replication.factor", "3",
                        "min.insync.replicas", "2"));
        var kafka = "KAFKA://127.0.0.1:" + kafkaPorts.get(index);
        settings.put("node.id", String.valueOf(index));
        settings.put("process.roles", "broker,controller");
        settings.put("listeners", kafka + ",CONTROLLER://127.0.0.1:" + controllerPorts.get(index));
        settings.put("advertised.listeners", kafka);
        settings.put("listener.security.protocol.map", "KAFKA:PLAINTEXT,CONTROLLER:PLAINTEXT");
        settings.put("inter.broker.listener.name", "KAFKA");
        settings.put("controller.listener.names", "CONTROLLER");
        settings.put("controller.quorum.voters", voters());
        settings.put("log.dirs", folder.resolve("logs").toString());
        var lines =
                settings.entrySet().stream()
                        .map(setting -> setting.getKey() + "=" + setting.getValue())
                        .toList();
        return Files.write(folder.resolve("server.properties"), lines);
    }

    private String voters() {
        return IntStream.range(0, brokers.length)
                .mapToObj(i -> i + "@127.0.0.1:" + controllerPorts.get(i))
                .collect(Collectors.joining(","));
    }

    private static void format(Path config, String clusterId) {
        try (var format =
                java(
                        "kafka.tools.StorageTool",
                        "format",
                        "--cluster-id",
                        clusterId,
                        "--config",
                        config.toString())) {
            int exitCode = format.awaitExit(TIME_TO_START);
            if (exitCode != 0) {
                throw new IllegalStateException("not formatted: " + format.output());
            }
        }
    }

    private static ExternalProgram java(String main, String... arguments) {
        var command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx384m",
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                main));
        command.addAll(List.of(arguments));
        return ExternalProgram.start(command, Map.of());
    }

    private static List<Integer> freePorts(int count) throws IOException {
        var sockets = new ArrayList<ServerSocket>();
        try {
            for (int i = 0; i < count; i++) {
                sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            return sockets.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            for (var socket : sockets) {
                socket.close();
            }
        }
    }
}
