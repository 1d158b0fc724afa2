package dev.outmail.fleet;

import dev.outmail.kafka.CompactedTopic;
import dev.outmail.kafka.KafkaClients;
import dev.outmail.kafka.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// The fleet as it describes itself, read when asked. What time it is, it knows from the reports:
/// all of them are stamped by the brokers. For one thread.
public final class FleetView implements AutoCloseable {
    private final Consumer<byte[], byte[]> consumer;
    private final CompactedTopic reports;
    private final Map<String, Sighting> sightings = new TreeMap<>();
    private Instant now = Instant.EPOCH;

    /// For who looks and goes: closing waits for the last fetch.
    public FleetView(KafkaClients clients, Topics topics) {
        this(clients, topics, Map.of("fetch.max.wait.ms", "50"));
    }

    private FleetView(KafkaClients clients, Topics topics, Map<String, String> fetches) {
        this.consumer = clients.consumer("fleet", fetches);
        this.reports = new CompactedTopic(consumer, topics.workers(), this::heard);
    }

    /// For who stays: Kafka answers when there is news, and but twice a second while there is none.
    public static FleetView toFollow(KafkaClients clients, Topics topics) {
        return new FleetView(clients, topics, Map.of());
    }

    private void heard(ConsumerRecord<byte[], byte[]> record) {
        var at = Instant.ofEpochMilli(record.timestamp());
        isLaterThan(at);
        if (record.key() == null) {
            return;
        }
        var id = new String(record.key(), StandardCharsets.UTF_8);
        if (record.value() == null) {
            sightings.remove(id);
        } else {
            MemberCodec.decode(record.key(), record.value())
                    .ifPresent(member -> sightings.put(id, new Sighting(member, at)));
        }
    }

    /// It is later than this, by the brokers' clock.
    public void isLaterThan(Instant known) {
        now = known.isAfter(now) ? known : now;
    }

    /// Reads all there is now.
    public void read(Duration timeout) {
        sightings.clear();
        reports.readToEnd(timeout);
    }

    /// Takes in what was said since, waiting for it a moment.
    public void poll(Duration timeout) {
        reports.poll(timeout);
    }

    /// Who is alive, by id.
    public List<Sighting> alive() {
        return sightings.values().stream().filter(one -> !one.isGone(now)).toList();
    }

    /// How long ago a member was heard.
    public Duration silence(Sighting sighting) {
        var silence = Duration.between(sighting.at(), now);
        return silence.isNegative() ? Duration.ZERO : silence;
    }

    /// When the last report came, by the brokers' clock.
    public Instant now() {
        return now;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
