package dev.outmail.console.fleet;

import dev.outmail.console.follow.Following;
import dev.outmail.kafka.KafkaClients;
import dev.outmail.kafka.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/// How long the queue was and how much was in flight in the last hours, by a thread of its own that
/// looks every few seconds.
public final class FleetSeries implements AutoCloseable {
    private static final Duration EVERY = Duration.ofSeconds(5);
    private static final int KEPT = 2_160;

    private final FleetFollower fleet;
    private final KafkaClients clients;
    private final Topics topics;
    private final ArrayDeque<Sample> samples = new ArrayDeque<>();
    private final Following following = new Following("the queue", EVERY, this::follow);

    /// What was seen at a moment.
    record Sample(Instant at, long queued, Duration age, int inFlight) {}

    public FleetSeries(FleetFollower fleet, KafkaClients clients, Topics topics) {
        this.fleet = fleet;
        this.clients = clients;
        this.topics = topics;
        following.start();
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

    private void follow(Following following)
            throws InterruptedException, ExecutionException, TimeoutException {
        try (var queue = new Queue(clients, topics)) {
            do {
                look(queue);
                following.goesWell();
            } while (!following.isClosed(EVERY));
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

    @Override
    public void close() {
        following.close();
    }
}
