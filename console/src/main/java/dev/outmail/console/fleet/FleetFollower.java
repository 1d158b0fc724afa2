package dev.outmail.console.fleet;

import dev.outmail.fleet.FleetView;
import dev.outmail.fleet.Sighting;
import dev.outmail.kafka.KafkaClients;
import dev.outmail.kafka.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Always knows who is alive, by a thread of its own that reads what they say.
public final class FleetFollower implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(FleetFollower.class);
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final Duration TIME_TO_END = Duration.ofSeconds(5);

    private final KafkaClients clients;
    private final Topics topics;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;
    private volatile Fleet fleet = new Fleet(List.of(), Instant.EPOCH);
    private volatile Optional<String> trouble = Optional.of("the fleet was not heard yet");

    /// Who is alive at a moment.
    ///
    /// @param at by the brokers' clock
    public record Fleet(List<Sighting> alive, Instant at) {
        public Fleet {
            alive = List.copyOf(alive);
        }

        public Duration silence(Sighting sighting) {
            var silence = Duration.between(sighting.at(), at);
            return silence.isNegative() ? Duration.ZERO : silence;
        }
    }

    public FleetFollower(KafkaClients clients, Topics topics) {
        this.clients = clients;
        this.topics = topics;
        this.thread = Thread.ofPlatform().name("outmail-console-fleet").start(this::run);
    }

    public Fleet fleet() {
        return fleet;
    }

    /// Why the fleet is not known now.
    public Optional<String> trouble() {
        return trouble;
    }

    private void run() {
        while (!isClosed(Duration.ZERO)) {
            try (var view = new FleetView(clients, topics)) {
                view.read(READ_TIMEOUT);
                while (!isClosed(Duration.ZERO)) {
                    view.poll(POLL);
                    fleet = new Fleet(view.alive(), view.now());
                    trouble = Optional.empty();
                }
            } catch (KafkaException e) {
                trouble = Optional.of("the fleet can't be heard: " + e.getMessage());
                log.atWarn()
                        .addKeyValue("cause", e.toString())
                        .log("The fleet can't be heard now; does Kafka answer?");
                isClosed(RETRY);
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
