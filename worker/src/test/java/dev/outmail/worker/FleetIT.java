package dev.outmail.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.settings.Connection;
import dev.outmail.testkit.Await;
import dev.outmail.testkit.kafka.KafkaBroker;
import dev.outmail.testkit.smtp.Act;
import dev.outmail.testkit.smtp.ScriptedSmtpServer;
import dev.outmail.wire.LogEntry;
import dev.outmail.wire.OutcomeName;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Workers that come and go, are slow, and can't write down what they did.
class FleetIT {
    @RegisterExtension static final KafkaBroker KAFKA = new KafkaBroker();

    private static final Pattern MESSAGE_ID = Pattern.compile("(?m)^Message-ID: (\\S+)");

    private Site site;

    @BeforeEach
    void prepare() throws InterruptedException {
        site = Site.with(KAFKA, 4);
    }

    @AfterEach
    void close() {
        site.close();
    }

    @Test
    void workersThatComeAndGoInMidDeliveryDeliverEachMailOnce() throws Exception {
        try (var server = ScriptedSmtpServer.start()) {
            server.on(".", Act.after(Duration.ofMillis(30), Act.reply("250 2.0.0 ok")));
            var first = site.start(Map.of("worker.id", "first", "worker.max-in-flight", "8"));
            site.save(Site.smtp(server.port(), 4));
            var publisher = new Publisher(site, server);
            server.awaitReceived(20);

            var second = site.start(Map.of("worker.id", "second", "worker.max-in-flight", "8"));
            Await.until(
                    Site.PATIENCE,
                    () -> site.metric(second, "outmail_partitions") == 2,
                    "the second worker has its share");
            server.awaitReceived(server.received().size() + 20);
            long started = System.nanoTime();
            first.close();
            var took = Duration.ofNanos(System.nanoTime() - started);
            server.awaitReceived(server.received().size() + 20);
            int published = publisher.stop();
            site.awaitLogged(published, OutcomeName.SENT);

            assertThat(took).isLessThan(Duration.ofSeconds(10));
            assertThat(server.received())
                    .extracting(received -> messageId(received.text()))
                    .hasSize(published)
                    .doesNotHaveDuplicates();
            assertThat(site.log(OutcomeName.SENT))
                    .hasSize(published)
                    .extracting(LogEntry::worker)
                    .contains("first", "second");
            site.awaitAllCommitted();
        }
    }

    /// Publishes without an end, some mails ahead of what the server got.
    private static final class Publisher {
        private static final int AHEAD = 50;

        private final AtomicBoolean stopping = new AtomicBoolean();
        private final FutureTask<Integer> task;

        Publisher(Site site, ScriptedSmtpServer server) {
            task =
                    new FutureTask<>(() -> {
                        int published = 0;
                        while (!stopping.get()) {
                            if (published - server.received().size() < AHEAD) {
                                site.publish(Site.mail("mail-" + published++));
                            }
                            LockSupport.parkNanos(1_000_000);
                        }
                        return published;
                    });
            Thread.ofVirtual().name("publisher").start(task);
        }

        /// How many there were.
        int stop() throws InterruptedException, ExecutionException {
            stopping.set(true);
            return task.get();
        }
    }

    @Test
    void aClosedWorkerLeavesNothingUncommitted() throws Exception {
        try (var server = ScriptedSmtpServer.start()) {
            server.on(".", Act.after(Duration.ofMillis(100), Act.reply("250 2.0.0 ok")));
            var worker = site.start();
            site.save(Site.smtp(server.port(), 5));
            publish(30);
            server.awaitReceived(5);

            worker.close();

            int received = server.received().size();
            assertThat(site.log(OutcomeName.SENT)).hasSize(received);
            assertThat(committedMails()).isEqualTo(received);
            assertThat(server.openConnections()).isZero();
        }
    }

    @Test
    void noMoreMailIsInFlightThanMayBe() throws Exception {
        try (var server = ScriptedSmtpServer.start()) {
            server.on("DATA", Act.after(Duration.ofMillis(50), Act.reply("354 go on")));
            var worker = site.start(Map.of("worker.max-in-flight", "3"));
            site.save(Site.smtp(server.port(), 50));

            publish(30);
            server.awaitReceived(1);
            assertThat(site.metric(worker, "outmail_in_flight")).isBetween(1.0, 3.0);
            site.awaitLogged(30, OutcomeName.SENT);

            assertThat(server.mostOpenConnections()).isLessThanOrEqualTo(3);
        }
    }

    @Test
    void noMoreBytesAreInFlightThanMayBe() throws Exception {
        try (var server = ScriptedSmtpServer.start()) {
            server.on("DATA", Act.after(Duration.ofMillis(50), Act.reply("354 go on")));
            site.start(Map.of("worker.max-in-flight-bytes", "100000"));
            site.save(Site.smtp(server.port(), 50));

            for (int i = 0; i < 10; i++) {
                site.publish(Site.mail("mail-" + i).text("x".repeat(45_000)));
            }
            site.publish(Site.mail("larger-than-all").text("x".repeat(150_000)));
            site.awaitLogged(11, OutcomeName.SENT);

            assertThat(server.mostOpenConnections()).isBetween(1, 2);
        }
    }

    @Test
    void whileTheLogCannotBeWrittenWorkPausesAndNothingIsSentTwice() throws Exception {
        try (var server = ScriptedSmtpServer.start()) {
            var worker = site.start();
            site.save(Site.smtp(server.port()));
            site.publish(Site.mail("1"));
            site.awaitLog("1", OutcomeName.SENT);
            // the offset follows the log by a moment
            Await.until(Site.PATIENCE, () -> committedMails() == 1, "the first is committed");
            site.deleteTopic(site.topics().log());

            site.publish(Site.mail("2"));
            server.awaitReceived(2);
            Await.until(
                    Site.PATIENCE,
                    () -> site.metric(worker, "outmail_in_flight") == 1,
                    "the mail is not finished");
            assertThat(committedMails()).isEqualTo(1);
            site.applyTopics();

            site.awaitLog("2", OutcomeName.SENT);
            site.awaitAllCommitted();
            assertThat(server.received()).hasSize(2);
        }
    }

    @Test
    void whileThereIsNoTopicForDeadLettersNoneIsSkipped() throws Exception {
        site.deleteTopic(site.topics().deadLetters());
        site.start();
        site.save(new Connection.Silent());

        site.publish("bad", new byte[] {'?'});
        site.publish(Site.mail("1"));
        site.awaitLog("1", OutcomeName.SILENCED);
        assertThat(site.log(OutcomeName.MALFORMED)).isEmpty();
        site.applyTopics();

        assertThat(site.awaitDeadLetters(1)).hasSize(1);
        site.awaitLogged(1, OutcomeName.MALFORMED);
        site.awaitAllCommitted();
    }

    @Test
    void itsEndpointsTellHowAWorkerIs() throws Exception {
        var worker = site.start();
        site.save(new Connection.Silent());
        site.publish(Site.mail("1"));
        site.publish("bad", new byte[] {'?'});
        site.awaitAllCommitted();

        assertThat(
                        site.metric(
                                worker,
                                "outmail_outcomes_total{outcome=\"silenced\",profile=\"default\",reason=\"silent\"}"))
                .isEqualTo(1);
        assertThat(
                        site.metric(
                                worker,
                                "outmail_outcomes_total{outcome=\"malformed\",profile=\"(none)\",reason=\"malformed\"}"))
                .isEqualTo(1);
        assertThat(site.metric(worker, "outmail_delivery_seconds_count{outcome=\"silenced\"}"))
                .isEqualTo(1);
        assertThat(site.metric(worker, "outmail_partitions")).isEqualTo(4);
        Await.until(
                Site.PATIENCE,
                () -> site.metric(worker, "outmail_in_flight") == 0,
                "nothing is in flight");
        assertThat(site.get(worker, "/health/live").body()).contains("\"alive\"");
        assertThat(site.get(worker, "/health/ready").body()).contains("4 partitions");
        assertThat(site.get(worker, "/health/ready/more").statusCode()).isEqualTo(404);
        assertThat(site.get(worker, "/").statusCode()).isEqualTo(404);
    }

    private long committedMails() throws Exception {
        return site.committed().values().stream().mapToLong(Long::longValue).sum();
    }

    private void publish(int count) {
        IntStream.range(0, count).forEach(i -> site.publish(Site.mail("mail-" + i)));
    }

    private static String messageId(String message) {
        return MESSAGE_ID
                .matcher(message)
                .results()
                .map((MatchResult found) -> found.group(1))
                .collect(Collectors.joining());
    }
}
