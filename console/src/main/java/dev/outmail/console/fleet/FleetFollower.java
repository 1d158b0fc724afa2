package dev.outmail.console.fleet;

import dev.outmail.console.follow.Following;
import dev.outmail.fleet.FleetView;
import dev.outmail.fleet.Sighting;
import dev.outmail.kafka.KafkaClients;
import dev.outmail.kafka.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Always knows who is alive, by a thread of its own that reads what they say.
public final class FleetFollower implements AutoCloseable {
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final KafkaClients clients;
    private final Topics topics;
    private final Following following = new Following("the fleet", RETRY, this::follow);
    private volatile Fleet fleet = new Fleet(List.of(), Instant.EPOCH);

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
        following.start();
    }

    public Fleet fleet() {
        return fleet;
    }

    /// Why the fleet is not known now.
    public Optional<String> trouble() {
        return following.trouble();
    }

    private void follow(Following following) {
        try (var view = FleetView.toFollow(clients, topics)) {
            view.read(READ_TIMEOUT);
            while (!following.isClosed()) {
                view.poll(POLL);
                fleet = new Fleet(view.alive(), view.now());
                following.goesWell();
            }
        }
    }

    @Override
    public void close() {
        following.close();
    }
}
