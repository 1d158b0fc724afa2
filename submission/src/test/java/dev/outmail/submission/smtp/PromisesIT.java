package dev.outmail.submission.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.config.DeploymentReader;
import dev.outmail.kafka.KafkaClients;
import dev.outmail.kafka.TopicAdmin;
import dev.outmail.kafka.Topics;
import dev.outmail.mail.EventLimits;
import dev.outmail.testkit.Await;
import dev.outmail.testkit.ExternalProgram;
import dev.outmail.testkit.kafka.KafkaProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What was answered with 250 is there, whoever is killed meanwhile.
@Timeout(120)
class PromisesIT {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final int CLIENTS = 10;
    private static final Pattern NUMBER = Pattern.compile("Subject: mail (\\d+)[.]");

    private final Set<Integer> promised = ConcurrentHashMap.newKeySet();
    private final AtomicInteger refusedForNow = new AtomicInteger();
    private final AtomicInteger next = new AtomicInteger();
    private volatile boolean over;

    @Test
    void aKilledServerAndAKilledBrokerBreakNoPromise(@TempDir Path data) throws Exception {
        try (var kafka = KafkaProcess.start(data, 0)) {
            var topics = new Topics("outmail.");
            makeTopics(kafka.bootstrapServers(), topics);
            try (var first = start(kafka);
                    var second = start(kafka)) {
                var clients = clients(List.of(port(first), port(second)));
                awaitPromises(300);

                first.kill();
                awaitPromises(promised.size() + 300);
                kafka.kill();
                Await.until(PATIENCE, () -> refusedForNow.get() >= CLIENTS / 2, "clients hear 451");
                int before = promised.size();
                kafka.startAgain();
                awaitPromises(before + 300);

                over = true;
                for (var client : clients) {
                    client.join();
                }
            }
            assertThat(published(kafka.bootstrapServers(), topics)).containsAll(promised);
        }
    }

    private void awaitPromises(int count) {
        Await.until(PATIENCE, () -> promised.size() >= count, () -> promised + " of " + count);
    }

    private static ExternalProgram start(KafkaProcess kafka) {
        var program =
                ExternalProgram.startJava(SmtpInMain.class, kafka.bootstrapServers(), "outmail.");
        program.awaitOutput(SmtpInMain.READY, PATIENCE);
        return program;
    }

    private static int port(ExternalProgram program) {
        var ready = Pattern.compile(SmtpInMain.READY + "(\\d+)");
        return Integer.parseInt(program.awaitOutput(ready, PATIENCE).group(1));
    }

    /// Each speaks to one of them, and to the other where that has gone.
    private List<Thread> clients(List<Integer> ports) {
        var clients = new ArrayList<Thread>();
        for (int i = 0; i < CLIENTS; i++) {
            int start = i;
            clients.add(
                    Thread.ofVirtual()
                            .start(() -> {
                                for (int turn = start; !over; turn++) {
                                    sendUntilBroken(ports.get(turn % ports.size()));
                                }
                            }));
        }
        return clients;
    }

    private void sendUntilBroken(int port) {
        try (var talk = new Talk(port)) {
            talk.begin();
            while (!over) {
                int number = next.incrementAndGet();
                talk.envelope().data();
                talk.say(
                        Talk.lines(
                                "From: a@example.com", "Subject: mail " + number + ".", "", "."));
                var reply = talk.reply();
                if (reply.startsWith("250 ")) {
                    promised.add(number);
                } else if (reply.startsWith("451 ")) {
                    refusedForNow.incrementAndGet();
                }
            }
        } catch (IOException | AssertionError e) {
            // killed in the middle of a word
        }
    }

    private static void makeTopics(String servers, Topics topics) throws InterruptedException {
        var keys = Map.of("kafka.bootstrap.servers", servers);
        try (var admin = DeploymentReader.read(keys, Map.of()).clients("test").admin()) {
            var topicAdmin = new TopicAdmin(admin);
            var specs = topics.specs(4, EventLimits.DEFAULT.maxBytes());
            topicAdmin.apply(topicAdmin.compare(specs), Optional.empty());
        }
    }

    /// The numbers of the mails on the topic.
    private static Set<Integer> published(String servers, Topics topics) {
        var clients = new KafkaClients(Map.of("bootstrap.servers", servers), "test");
        try (var consumer = clients.consumer("reader", Map.of())) {
            var partitions =
                    consumer.partitionsFor(topics.events()).stream()
                            .map(info -> new TopicPartition(info.topic(), info.partition()))
                            .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            var numbers = new HashSet<Integer>();
            while (ends.entrySet().stream()
                    .anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
                consumer.poll(Duration.ofMillis(100))
                        .forEach(record -> {
                            var number =
                                    NUMBER.matcher(
                                            new String(record.value(), StandardCharsets.UTF_8));
                            assertThat(number.find()).isTrue();
                            numbers.add(Integer.parseInt(number.group(1)));
                        });
            }
            return numbers;
        }
    }
}
