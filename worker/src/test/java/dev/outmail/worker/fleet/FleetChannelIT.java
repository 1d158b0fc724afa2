package dev.outmail.worker.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.delivery.BreakerSignal;
import dev.outmail.delivery.BreakerSignalCodec;
import dev.outmail.delivery.Breakers;
import dev.outmail.delivery.DeliveryEngine;
import dev.outmail.delivery.Outcome;
import dev.outmail.delivery.RetryPolicy;
import dev.outmail.delivery.Transports;
import dev.outmail.delivery.Undelivered;
import dev.outmail.delivery.smtp.SmtpClient;
import dev.outmail.kafka.KafkaClients;
import dev.outmail.kafka.TopicAdmin;
import dev.outmail.kafka.Topics;
import dev.outmail.mail.EventLimits;
import dev.outmail.mail.MailEvent;
import dev.outmail.settings.Connection.Security;
import dev.outmail.settings.Connection.SmtpServer;
import dev.outmail.settings.ProfileSettings;
import dev.outmail.settings.Secrets;
import dev.outmail.settings.Settings;
import dev.outmail.settings.SettingsSnapshot;
import dev.outmail.testkit.Await;
import dev.outmail.testkit.kafka.KafkaBroker;
import dev.outmail.testkit.smtp.ScriptedSmtpServer;
import dev.outmail.worker.delay.BrokerTime;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Three workers' engines and one SMTP server, over a real broker.
class FleetChannelIT {
    @RegisterExtension static final KafkaBroker KAFKA = new KafkaBroker();

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final int MESSAGES_EACH = 40;
    private static final RetryPolicy QUICK =
            new RetryPolicy(
                    List.of(Duration.ofMillis(200)),
                    List.of(Duration.ofSeconds(1)),
                    List.of(Duration.ofMinutes(5)),
                    Duration.ofMillis(200),
                    Duration.ofSeconds(2));

    private final Topics topics = new Topics(KAFKA.prefix());
    private final ScriptedSmtpServer server = ScriptedSmtpServer.start();
    private final ScheduledExecutorService deadlines = Executors.newSingleThreadScheduledExecutor();
    private final List<Node> fleet = new ArrayList<>();
    private long revision = 1;

    @AfterEach
    void close() {
        fleet.forEach(Node::close);
        deadlines.shutdownNow();
        server.close();
    }

    @Test
    void aServerThatIsAwayIsTriedByTheFleetAsByOne() throws Exception {
        createTopics();
        startFleet();
        send("before");
        awaitSent(3 * MESSAGES_EACH);
        server.on("connect", "554 5.3.2 no service here");
        fleet.forEach(Node::restart);
        int connectionsBefore = server.connections();

        send("while-away");
        Await.until(
                SOON,
                () -> server.connections() - connectionsBefore >= 5,
                "it is probed again and again");

        // three workers open at most one connection each before they hear of each other's
        assertThat(said(BreakerSignal.Trouble.class)).hasSizeLessThanOrEqualTo(8);
        assertThat(fleet).allMatch(node -> node.sent.get() == MESSAGES_EACH);
        server.behave();
        awaitSent(6 * MESSAGES_EACH);
        assertThat(said(BreakerSignal.Closed.class)).hasSizeGreaterThanOrEqualTo(2);
    }

    @Test
    void aLoginThatIsRefusedIsTriedOnceByTheFleetAndOnceMoreWhenSettingsChange() throws Exception {
        createTopics();
        server.on("MAIL FROM", "530 5.7.0 authentication required");
        startFleet();

        send("refused");
        Await.until(SOON, () -> said(BreakerSignal.Open.class).size() == 1, "it opens");
        awaitAllWaiting();
        assertThat(server.connections()).isEqualTo(1);

        changeSettings();
        Await.until(SOON, () -> said(BreakerSignal.Open.class).size() == 2, "it opens again");
        awaitAllWaiting();
        assertThat(server.connections()).isEqualTo(2);

        server.behave();
        changeSettings();
        awaitSent(3 * MESSAGES_EACH);
        assertThat(said(BreakerSignal.Trouble.class)).hasSize(2);
    }

    @Test
    void whoStartsLaterHearsWhatWasSaidBefore() throws Exception {
        createTopics();
        server.on("MAIL FROM", "530 5.7.0 authentication required");
        startFleet();
        send("refused");
        Await.until(SOON, () -> said(BreakerSignal.Open.class).size() == 1, "it opens");

        var later = new Node("later");
        fleet.add(later);
        later.send("later");

        awaitAllWaiting();
        assertThat(server.connections()).isEqualTo(1);
        assertThat(later.troubled).hasValue(0);
    }

    @Test
    void whereBreakersCantBeWrittenEachWorkerGoesByItself() throws Exception {
        startFleet();

        send("alone");

        awaitSent(3 * MESSAGES_EACH);
    }

    private void createTopics() throws InterruptedException {
        var admin = new TopicAdmin(KAFKA.admin());
        var specs =
                topics.specs(1, EventLimits.DEFAULT.maxBytes()).stream()
                        .filter(spec -> spec.name().equals(topics.breakers()))
                        .toList();
        admin.apply(admin.compare(specs), Optional.empty());
        Await.until(
                SOON,
                () -> KAFKA.admin().listTopics().names().get().contains(topics.breakers()),
                "the topic is there");
    }

    private void startFleet() {
        for (int i = 0; i < 3; i++) {
            fleet.add(new Node("worker-" + i));
        }
    }

    private void send(String name) {
        fleet.forEach(node -> node.send(name));
    }

    private void changeSettings() {
        revision++;
        fleet.forEach(Node::settingsChanged);
    }

    private void awaitSent(int count) {
        Await.until(
                SOON,
                () -> fleet.stream().mapToInt(node -> node.sent.get()).sum() == count,
                () -> count + " are sent, not " + fleet.stream().map(node -> node.sent).toList());
    }

    private void awaitAllWaiting() {
        Await.until(
                SOON,
                () -> fleet.stream().allMatch(node -> node.waiting.get() == MESSAGES_EACH),
                "all messages wait");
    }

    private <T extends BreakerSignal> List<T> said(Class<T> kind) {
        return KAFKA.readAll(topics.breakers()).stream()
                .flatMap(record -> BreakerSignalCodec.decode(record.value()).stream())
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }

    private SettingsSnapshot settings() {
        var connection = new SmtpServer(server.host(), server.port(), Security.NONE, null, 2, null);
        return new SettingsSnapshot(
                Map.of(
                        MailEvent.DEFAULT_PROFILE,
                        new ProfileSettings(
                                MailEvent.DEFAULT_PROFILE,
                                revision,
                                Settings.INITIAL.withConnection(connection))));
    }

    /// A worker as far as breakers go: its messages wait as long as they are told, or until
    /// something changes.
    private final class Node implements AutoCloseable {
        private final FleetChannel channel;
        private final Thread thread;
        private final Breakers breakers;
        private final ConcurrentLinkedQueue<Thread> messages = new ConcurrentLinkedQueue<>();
        private final AtomicInteger sent = new AtomicInteger();
        private final AtomicInteger troubled = new AtomicInteger();
        private final AtomicInteger waiting = new AtomicInteger();
        private final ConcurrentLinkedQueue<Semaphore> bells = new ConcurrentLinkedQueue<>();
        private volatile Transports transports;
        private volatile DeliveryEngine engine;

        private Node(String name) {
            var clients =
                    new KafkaClients(
                            Map.of(
                                    "bootstrap.servers",
                                    KAFKA.bootstrapServers(),
                                    "fetch.max.wait.ms",
                                    "50"),
                            name);
            channel =
                    new FleetChannel(
                            clients,
                            topics,
                            new BrokerTime(InstantSource.system(), System::nanoTime),
                            System::nanoTime);
            breakers = new Breakers(name, QUICK, channel, System::nanoTime);
            breakers.onChange(this::ring);
            thread = Thread.ofPlatform().name("breakers-" + name).start(channel);
            transports = transports();
            engine = new DeliveryEngine(transports, InstantSource.system());
        }

        private Transports transports() {
            var made =
                    Transports.of(
                            Path.of("/usr/sbin/sendmail"),
                            SmtpClient.of("worker.example", Secrets.of(Map.of()), deadlines),
                            breakers);
            made.settingsChanged(settings());
            return made;
        }

        /// Without the connections that it had.
        private void restart() {
            transports.close();
            transports = transports();
            engine = new DeliveryEngine(transports, InstantSource.system());
        }

        private void settingsChanged() {
            transports.settingsChanged(settings());
            ring();
        }

        private void ring() {
            bells.forEach(Semaphore::release);
        }

        private void send(String name) {
            for (int i = 0; i < MESSAGES_EACH; i++) {
                var mail =
                        Undelivered.fresh(mail(name + "-" + i), InstantSource.system().instant());
                messages.add(Thread.ofVirtual().start(() -> deliver(mail)));
            }
        }

        private void deliver(Undelivered mail) {
            var bell = new Semaphore(0);
            bells.add(bell);
            try {
                while (!attempt(mail, bell)) {
                    bell.drainPermits();
                }
                sent.incrementAndGet();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                bells.remove(bell);
            }
        }

        private boolean attempt(Undelivered mail, Semaphore bell) throws InterruptedException {
            var outcome = engine.attempt(mail, settings());
            switch (outcome) {
                case Outcome.Sent _ -> {
                    return true;
                }
                case Outcome.Paused paused -> pause(bell, paused.time());
                case Outcome.Troubled _ -> {
                    troubled.incrementAndGet();
                    pause(bell, Duration.ofMillis(10));
                }
                default -> throw new AssertionError(outcome);
            }
            return false;
        }

        private void pause(Semaphore bell, Duration time) throws InterruptedException {
            waiting.incrementAndGet();
            boolean _ = bell.tryAcquire(time.toNanos(), TimeUnit.NANOSECONDS);
            waiting.decrementAndGet();
        }

        @Override
        public void close() {
            messages.forEach(Thread::interrupt);
            transports.close();
            channel.close();
            try {
                assertThat(thread.join(SOON)).isTrue();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    private static MailEvent mail(String id) {
        return MailEvent.builder()
                .id(id)
                .source("/tests")
                .from("Projects <projects@example.com>")
                .to("Ada <ada@example.org>")
                .subject("Subject of " + id)
                .text("Text of " + id)
                .build();
    }
}
