package dev.outmail.cli;

import dev.outmail.config.Deployment;
import dev.outmail.kafka.KafkaClients;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.utils.Utils;

/// What a person who waits should hear at once, and would otherwise hear as a time-out: that nobody
/// listens where Kafka should be, or that a topic is missing.
final class Preflight {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(10);

    private Preflight() {}

    /// Passes when one of the servers takes a connection.
    static void someoneListens(String bootstrapServers) {
        var problems = new ArrayList<String>();
        for (var server : bootstrapServers.split(",", -1)) {
            var problem = connect(server.strip());
            if (problem.isEmpty()) {
                return;
            }
            problems.add(problem);
        }
        throw new Failure(
                "No Kafka listens: "
                        + String.join(", ", problems)
                        + ". Start one with: outmail up; or say where it is with --bootstrap-servers");
    }

    /// The problem, or nothing.
    private static String connect(String server) {
        var host = Utils.getHost(server);
        var port = Utils.getPort(server);
        if (host == null || port == null || port > 65_535) {
            throw Failure.wrongUsage(
                    "'" + server + "' is not where a Kafka could be: write HOST:PORT");
        }
        var problem = "";
        try {
            for (var address : InetAddress.getAllByName(host)) {
                problem = connect(new InetSocketAddress(address, port));
                if (problem.isEmpty()) {
                    return "";
                }
            }
        } catch (UnknownHostException e) {
            problem = "unknown host";
        }
        return server + " (" + problem + ")";
    }

    private static String connect(InetSocketAddress address) {
        try (var socket = new Socket()) {
            socket.connect(address, (int) CONNECT_TIMEOUT.toMillis());
            return "";
        } catch (IOException e) {
            return Objects.requireNonNullElse(e.getMessage(), "no connection");
        }
    }

    /// Passes when the topics are there that saving settings needs.
    static void settingsTopicsExist(Deployment deployment, KafkaClients clients)
            throws InterruptedException {
        var topics = deployment.topics();
        exist(List.of(topics.settings(), topics.settingsHistory()), clients);
    }

    /// Passes when the topics are there that publishing and delivering need.
    static void topicsExist(Deployment deployment, KafkaClients clients)
            throws InterruptedException {
        var topics = deployment.topics();
        exist(List.of(topics.events(), topics.settings(), topics.log()), clients);
    }

    static void topicExists(String topic, KafkaClients clients) throws InterruptedException {
        exist(List.of(topic), clients);
    }

    /// Whether a topic is there, as far as it may be seen.
    static boolean isThere(String topic, KafkaClients clients) throws InterruptedException {
        try {
            return existing(List.of(topic), clients).contains(topic);
        } catch (TopicAuthorizationException e) {
            return false;
        }
    }

    private static void exist(List<String> topics, KafkaClients clients)
            throws InterruptedException {
        var existing = existing(topics, clients);
        for (var topic : topics) {
            if (!existing.contains(topic)) {
                throw noTopic(topic);
            }
        }
    }

    static Failure noTopic(String topic) {
        return new Failure("There is no topic " + topic + "; create it with: outmail topics apply");
    }

    /// Those of these that are there.
    ///
    /// @throws KafkaException where one may not be seen, which is not the same as missing
    private static Set<String> existing(List<String> topics, KafkaClients clients)
            throws InterruptedException {
        var existing = new HashSet<String>();
        var admin = clients.admin();
        try {
            for (var topic : admin.describeTopics(topics).topicNameValues().entrySet()) {
                if (isThere(topic.getKey(), topic.getValue())) {
                    existing.add(topic.getKey());
                }
            }
            return existing;
        } catch (TimeoutException e) {
            throw new Failure(
                    clients.bootstrapServers()
                            + " did not answer as a Kafka within "
                            + ANSWER_TIMEOUT.toSeconds()
                            + " s. Is it one, and is kafka.security.protocol right?");
        } finally {
            // By itself it would wait for the answer.
            admin.close(Duration.ZERO);
        }
    }

    private static boolean isThere(String topic, KafkaFuture<TopicDescription> described)
            throws InterruptedException, TimeoutException {
        try {
            var _ = described.get(ANSWER_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (ExecutionException e) {
            return switch (e.getCause()) {
                case UnknownTopicOrPartitionException _ -> false;
                case TopicAuthorizationException _ ->
                        throw new TopicAuthorizationException(Set.of(topic));
                case KafkaException kafka -> throw kafka;
                case null, default -> throw new KafkaException(e.getCause());
            };
        }
    }
}
