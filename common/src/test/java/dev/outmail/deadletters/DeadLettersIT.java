package dev.outmail.deadletters;

import static dev.outmail.deadletters.Letters.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.outmail.deadletters.DeadLetterIndex.Entry;
import dev.outmail.kafka.Headers;
import dev.outmail.kafka.KafkaClients;
import dev.outmail.kafka.Topics;
import dev.outmail.mail.EventLimits;
import dev.outmail.mail.Mailbox;
import dev.outmail.testkit.kafka.KafkaBroker;
import dev.outmail.wire.Decoded;
import dev.outmail.wire.RetryHeader;
import dev.outmail.wire.RetryStateCodec;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DeadLettersIT {
    @RegisterExtension static final KafkaBroker KAFKA = new KafkaBroker();

    private static final int PARTITIONS = 4;
    private static final Action REPLAY = new Action.Replay();

    private final Topics topics = new Topics(KAFKA.prefix());
    private final KafkaClients clients =
            new KafkaClients(Map.of("bootstrap.servers", KAFKA.bootstrapServers()), "test");
    private final DeadLetters letters = new DeadLetters(clients, topics, Letters.CODEC);
    private final List<Result> results = Collections.synchronizedList(new ArrayList<>());

    @BeforeEach
    void createTopics() {
        KAFKA.createTopic(topics.events(), PARTITIONS, appendTime());
        KAFKA.createTopic(topics.deadLetters(), PARTITIONS, appendTime());
    }

    private static Map<String, String> appendTime() {
        return Map.of("message.timestamp.type", "LogAppendTime");
    }

    /// As a worker would write it, of an event that was at this partition.
    private ProducerRecord<byte[], byte[]> letter(String id, int partition, int attempts) {
        var mail = Letters.mail().id(id);
        var record =
                new ProducerRecord<>(
                        topics.deadLetters(),
                        partition,
                        utf8("key " + id),
                        Letters.CODEC.encode(mail.build()));
        header(record, Headers.REASON, "unknown-recipient");
        header(record, Headers.DETAIL, "550 no such user");
        header(record, Headers.OUTCOME, "rejected");
        header(record, Headers.ATTEMPTS, Integer.toString(attempts));
        header(record, Headers.REVISION, "1");
        header(record, Headers.TOPIC, topics.events());
        header(record, Headers.PARTITION, Integer.toString(partition));
        header(record, Headers.OFFSET, "0");
        header(record, Headers.UNDELIVERED_RECIPIENT, "ada@example.org");
        return record;
    }

    private static void header(ProducerRecord<byte[], byte[]> record, String name, String value) {
        record.headers().add(name, utf8(value));
    }

    private static LetterPosition place(RecordMetadata written) {
        return new LetterPosition(written.partition(), written.offset());
    }

    private List<Entry> entries(@Nullable Instant since) {
        return letters.index(since, count -> {}).entries();
    }

    private Resolver resolver(String by) {
        return Resolver.open(
                clients,
                topics,
                EventLimits.DEFAULT,
                InstantSource.system(),
                new Signature(by, "fixed"),
                (letter, result) -> results.add(result));
    }

    private void act(String by, List<Entry> entries, Action action) {
        try (var resolver = resolver(by)) {
            letters.forEach(
                    entries.stream().map(Entry::position).toList(),
                    letter -> resolver.begin(letter, null, action));
            resolver.finish();
        }
    }

    private List<ConsumerRecord<byte[], byte[]>> events() {
        return KAFKA.readAll(topics.events());
    }

    private static int attempt(ConsumerRecord<byte[], byte[]> event) {
        var header = event.headers().lastHeader(Headers.RETRY);
        var read = RetryStateCodec.decode(header.value(), Instant.ofEpochMilli(event.timestamp()));
        return ((RetryHeader.Present) read).state().attempt();
    }

    private static String id(ConsumerRecord<byte[], byte[]> event) {
        return ((Decoded.Ok) Letters.CODEC.decode(event.value())).event().id().id();
    }

    @Test
    void withoutLettersThereIsNothing() {
        assertThat(entries(null)).isEmpty();
        assertThat(letters.entry(new LetterPosition(0, 0))).isEmpty();
        assertThat(letters.entry(new LetterPosition(77, 0))).isEmpty();
    }

    @Test
    void lettersAreReadOldestFirstWithWhatWasDoneAboutThem() {
        var first = place(KAFKA.send(letter("1", 0, 1)));
        var second = place(KAFKA.send(letter("2", 0, 1)));

        act("ada@desk", entries(null).subList(0, 1), REPLAY);
        act("bob@desk", entries(null).subList(0, 1), new Action.Discard());

        var entries = entries(null);
        assertThat(entries).extracting(Entry::position).containsExactly(first, second);
        assertThat(entries.getFirst().resolutions())
                .extracting(Resolution::kind, Resolution::by, Resolution::why)
                .containsExactly(
                        tuple(Resolution.Kind.REPLAYED, "ada@desk", "fixed"),
                        tuple(Resolution.Kind.DISCARDED, "bob@desk", "fixed"));
        assertThat(entries.getFirst().settledBy())
                .map(Resolution::kind)
                .contains(Resolution.Kind.REPLAYED);
        assertThat(entries.getLast().settledBy()).isEmpty();
        assertThat(letters.entry(second)).contains(entries.getLast());
    }

    @Test
    void lettersFromBeforeMayBeLeftOut() {
        KAFKA.send(letter("1", 0, 1));
        KAFKA.send(letter("2", 0, 1));
        var all = entries(null);

        var later = entries(all.getLast().letter().at().plusMillis(1));
        var since = entries(all.getLast().letter().at());

        assertThat(later).isEmpty();
        assertThat(since).contains(all.getLast());
    }

    @Test
    void aReplayGoesWhereTheEventWasAndACopyBesideIt() {
        KAFKA.send(letter("1", 3, 2));

        act("ada@desk", entries(null), REPLAY);
        act("ada@desk", entries(null), new Action.CopyTo(Mailbox.parse("me@example.com")));

        assertThat(results)
                .containsExactly(
                        new Result.Done(Resolution.Kind.REPLAYED),
                        new Result.Done(Resolution.Kind.COPIED));
        assertThat(events()).extracting(ConsumerRecord::partition).containsExactly(3, 3);
        assertThat(attempt(events().getFirst())).isEqualTo(3);
        assertThat(events().getFirst().key()).isEqualTo(utf8("key 1"));
        assertThat(id(events().getLast())).startsWith("1-copy-");
        assertThat(events().getLast().headers()).isEmpty();
    }

    @Test
    void whatIsSettledInTheMeantimeIsTold() {
        KAFKA.send(letter("1", 0, 1));
        act("ada@desk", entries(null), new Action.Discard());
        var entry = entries(null).getFirst();

        try (var resolver = resolver("bob@desk")) {
            letters.forEach(
                    List.of(entry.position()),
                    letter -> resolver.begin(letter, entry.settledBy().orElse(null), REPLAY));
            resolver.finish();
        }

        assertThat(results.getLast())
                .isInstanceOfSatisfying(
                        Result.Settled.class,
                        settled -> assertThat(settled.before().by()).isEqualTo("ada@desk"));
        assertThat(events()).isEmpty();
    }

    @Test
    void onlyThoseNamedAreRead() {
        for (int i = 0; i < 50; i++) {
            KAFKA.send(letter(Integer.toString(i), 0, 1));
        }
        var wanted = entries(null).stream().map(Entry::position).skip(20).limit(3).toList();
        var beyond = new LetterPosition(wanted.getFirst().partition(), 1_000);
        var read = new ArrayList<LetterPosition>();

        letters.forEach(
                Stream.concat(wanted.stream(), Stream.of(beyond)).toList(),
                letter -> read.add(letter.position()));

        assertThat(read).containsExactlyInAnyOrderElementsOf(wanted);
    }

    /// T24: 1,000 letters, a double click by two people, and one of them is gone in the middle, who
    /// then comes back.
    @Test
    void whoeverReplaysAndHoweverOftenEachIsOneAttempt() throws Exception {
        int count = 1_000;
        for (int i = 0; i < count; i++) {
            var _ = KAFKA.producer().send(letter(Integer.toString(i), i % PARTITIONS, 1));
        }
        KAFKA.producer().flush();
        var stale = entries(null);
        assertThat(stale).hasSize(count);

        leaveInTheMiddle(stale);
        results.clear();
        try (ExecutorService people = Executors.newFixedThreadPool(2)) {
            var clicks = new ArrayList<Future<?>>();
            for (var by : List.of("ada@desk", "bob@desk")) {
                clicks.add(people.submit(() -> act(by, stale, REPLAY)));
            }
            for (var click : clicks) {
                click.get();
            }
        }

        assertThat(startedByTheLedgersRule())
                .hasSize(count)
                .allSatisfy((id, times) -> {
                    assertThat(times).as(id).isEqualTo(1);
                });
        assertThat(results)
                .as("of the two who came to their ends")
                .hasSize(2 * count)
                .allMatch(Result.Done.class::isInstance);
        assertThat(entries(null))
                .hasSize(count)
                .allSatisfy(entry -> {
                    assertThat(entry.settledBy()).isPresent();
                    assertThat(entry.resolutions())
                            .extracting(Resolution::by)
                            .contains("ada@desk", "bob@desk");
                });
    }

    /// Publishes some, writes down fewer, and ends.
    private void leaveInTheMiddle(List<Entry> entries) {
        try (var resolver = resolver("eve@desk")) {
            letters.forEach(
                    entries.stream().limit(400).map(Entry::position).toList(),
                    letter -> resolver.begin(letter, null, REPLAY));
        }
        var writtenDown =
                entries(null).stream().filter(entry -> entry.settledBy().isPresent()).count();
        assertThat(writtenDown).isPositive().isLessThan(events().size());
    }

    /// How often each event is tried: a record whose attempt is not above the highest there was is
    /// a duplicate.
    private Map<String, Integer> startedByTheLedgersRule() {
        var highest = new HashMap<String, Integer>();
        var started = new ArrayList<String>();
        for (var event : events()) {
            if (attempt(event) > highest.getOrDefault(id(event), 1)) {
                highest.put(id(event), attempt(event));
                started.add(id(event));
            }
        }
        return started.stream().collect(Collectors.toMap(id -> id, id -> 1, Integer::sum));
    }
}
