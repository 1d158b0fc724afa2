package dev.outmail.console.fleet;

import dev.outmail.kafka.KafkaClients;
import dev.outmail.kafka.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How long the queue was and how much was in flight in the last hours, by a thread of its own that
/// looks every few seconds.
public final class FleetSeries implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(FleetSeries.class);
    private static final Duration EVERY = Duration.ofSeconds(5);
    private static final Duration TIME_TO_END = Duration.ofSeconds(10);
    private static final int KEPT = 2_160;

    private final FleetFollower fleet;
    private final KafkaClients clients;
    private final Topics topics;
    private final ArrayDeque<Sample> samples = new ArrayDeque<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;

    /// What was seen at a moment.
    record Sample(Instant at, long queued, Duration age, int inFlight) {}

    public FleetSeries(FleetFollower fleet, KafkaClients clients, Topics topics) {
        this.fleet = fleet;
        this.clients = clients;
        this.topics = topics;
        this.thread = Thread.ofPlatform().name("outmail-console-queue").start(this::run);
    }

    /// Oldest first.
    List<Sample> samples() {
        synchronized (samples) {
            return List.copyOf(samples);
        }
    }

    /// How many events wait now, as last seen.
    public long queued() {
        synchronized (samples) {
            return samples.isEmpty() ? 0 : samples.getLast().queued();
        }
    }

    private void run() {
        while (!isClosed(Duration.ZERO)) {
            try (var queue = new Queue(clients, topics)) {
                do {
                    look(queue);
                } while (!isClosed(EVERY));
            } catch (KafkaException | ExecutionException | TimeoutException e) {
                log.atWarn()
                        .addKeyValue("cause", e.toString())
                        .log("The queue can't be measured now; does Kafka answer?");
                var _ = isClosed(EVERY);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void look(Queue queue)
            throws InterruptedException, ExecutionException, TimeoutException {
        var length = queue.length();
        int inFlight = fleet.fleet().alive().stream().mapToInt(s -> s.member().inFlight()).sum();
        synchronized (samples) {
            samples.add(new Sample(Instant.now(), length.events(), length.age(), inFlight));
            if (samples.size() > KEPT) {
                samples.removeFirst();
            }
        }
    }

    private boolean isClosed(Duration wait) {
        try {
            return closed.await(wait.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            thread.join(TIME_TO_END);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
