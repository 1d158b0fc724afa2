package dev.outmail.deadletters;

import dev.outmail.kafka.KafkaClients;
import dev.outmail.kafka.TopicReader;
import dev.outmail.kafka.Topics;
import dev.outmail.wire.EventCodec;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// The dead letters topic, for reading. Each call reads it anew, to where it ends at that moment.
public final class DeadLetters {
    /// Closing a consumer waits for its last fetch.
    private static final Map<String, String> BRIEF_FETCHES = Map.of("fetch.max.wait.ms", "10");

    private final KafkaClients clients;
    private final String topic;
    private final LetterRecords records;

    public DeadLetters(KafkaClients clients, Topics topics, EventCodec codec) {
        this.clients = clients;
        this.topic = topics.deadLetters();
        this.records = new LetterRecords(codec);
    }

    /// All letters, with what was done about them.
    ///
    /// @param since letters from before may be left out; null for none
    /// @param progress is told how many records were read so far
    /// @throws KafkaException when the topic can't be read to its end
    public DeadLetterIndex index(@Nullable Instant since, LongConsumer progress) {
        try (var reader = reader()) {
            var reading = new DeadLetterIndex.Reading();
            var counter = new Counter(progress);
            reader.toEnd(
                    since == null ? reader.beginnings() : reader.since(since),
                    record -> {
                        reading.add(records.read(record));
                        counter.step();
                    });
            return reading.index();
        }
    }

    /// The letter there, with what was done about it; empty where no letter is, or not any more.
    public Optional<DeadLetterIndex.Entry> entry(LetterPosition position) {
        try (var reader = reader()) {
            var partition = partition(position.partition());
            if (!reader.ends().containsKey(partition)) {
                return Optional.empty();
            }
            var reading = new DeadLetterIndex.Reading();
            reader.toEnd(
                    Map.of(partition, position.offset()),
                    record -> reading.add(records.read(record)));
            return reading.index().entries().stream()
                    .filter(entry -> entry.position().equals(position))
                    .findFirst();
        }
    }

    /// Reads letters whole, each partition's in order. Those that retention took away are left out.
    public void forEach(Collection<LetterPosition> positions, Consumer<DeadLetter> use) {
        var wanted = new TreeMap<Integer, TreeSet<Long>>();
        for (var position : positions) {
            wanted.computeIfAbsent(position.partition(), p -> new TreeSet<>())
                    .add(position.offset());
        }
        try (var reader = reader()) {
            for (var offsets : wanted.entrySet()) {
                reader.each(
                        partition(offsets.getKey()),
                        offsets.getValue(),
                        record -> use(record, use));
            }
        }
    }

    private void use(ConsumerRecord<byte[], byte[]> record, Consumer<DeadLetter> use) {
        switch (records.read(record)) {
            case LetterRecords.Found.Letter letter -> use.accept(letter.letter());
            case LetterRecords.Found.Resolved resolved -> {}
        }
    }

    private TopicReader reader() {
        return new TopicReader(clients.consumer("dead-letters", BRIEF_FETCHES), topic);
    }

    private TopicPartition partition(int number) {
        return new TopicPartition(topic, number);
    }

    private static final class Counter {
        private final LongConsumer progress;
        private long count;

        Counter(LongConsumer progress) {
            this.progress = progress;
        }

        void step() {
            progress.accept(++count);
        }
    }
}
