package dev.outmail.worker.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.outmail.config.Deployment.LedgerOptions;
import dev.outmail.delivery.Reason;
import dev.outmail.delivery.RecipientVerdict;
import dev.outmail.delivery.RecipientVerdict.Verdict;
import dev.outmail.kafka.KafkaClients;
import dev.outmail.kafka.Topics;
import dev.outmail.mail.EmailAddress;
import dev.outmail.testkit.Await;
import dev.outmail.testkit.kafka.KafkaBroker;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Ledgers that go from one worker to the next, by way of a real broker.
class LedgersIT {
    @RegisterExtension static final KafkaBroker KAFKA = new KafkaBroker();

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int PARTITIONS = 12;
    private static final Map<String, String> AS_DEPLOYED =
            Map.of(
                    "message.timestamp.type",
                    "LogAppendTime",
                    "cleanup.policy",
                    "compact,delete",
                    "max.message.bytes",
                    "1048588");

    private final List<AutoCloseable> opened = new ArrayList<>();
    private Topics topics;
    private KafkaClients clients;

    @BeforeEach
    void prepare() {
        topics = new Topics(KAFKA.prefix());
        clients =
                new KafkaClients(
                        Map.of(
                                "bootstrap.servers",
                                KAFKA.bootstrapServers(),
                                // closing waits for a fetch that is under way
                                "fetch.max.wait.ms",
                                "50"),
                        "test");
    }

    @AfterEach
    void close() throws Exception {
        for (var one : opened.reversed()) {
            one.close();
        }
    }

    @Test
    void whatOneWorkerWroteTheNextOneKnows() throws Exception {
        makeTopic();
        var ada =
                new RecipientVerdict(
                        EmailAddress.parse("ada@example.org"),
                        Verdict.ACCEPTED,
                        Reason.ACCEPTED,
                        "250 ok");
        var first = await(worker().open(3));
        var before = Instant.now();
        permit(first, 1, 1, 10).settled(1).await();
        permit(first, 2, 1, 11).waiting(1).await();
        permit(first, 3, 1, 12).held(1).await();
        permit(first, 4, 1, 13).waiting(0).await();
        permit(first, 5, 1, 14).started(1, List.of()).await();
        var ofManyRecipients = permit(first, 6, 2, 15);
        ofManyRecipients.started(2, List.of());
        ofManyRecipients.started(2, List.of(ada)).await();

        var second = await(worker().open(3));

        assertThat(second.size()).isEqualTo(6);
        assertThat(second.enter(Ids.id(1), 1, 10)).isEqualTo(new Entry.Duplicate(true));
        assertThat(second.enter(Ids.id(1), 1, 99)).isEqualTo(new Entry.Duplicate(false));
        assertThat(second.enter(Ids.id(2), 1, 11)).isEqualTo(new Entry.Duplicate(true));
        assertThat(second.enter(Ids.id(2), 2, 20)).isInstanceOf(Entry.Go.class);
        assertThat(second.enter(Ids.id(3), 1, 12)).isEqualTo(new Entry.Duplicate(true));
        assertThat(second.enter(Ids.id(4), 1, 13)).isInstanceOf(Entry.Go.class);
        assertThat(second.enter(Ids.id(5), 1, 14))
                .asInstanceOf(type(Entry.Unresolved.class))
                .satisfies(one ->
                        assertThat(one.startedAt())
                                .isBetween(before.minusSeconds(1), Instant.now().plusSeconds(1)));
        assertThat(second.enter(Ids.id(6), 2, 15))
                .asInstanceOf(type(Entry.Unresolved.class))
                .satisfies(one ->
                        assertThat(one.settled().among(List.of(ada.recipient()), "250 ok"))
                                .containsExactly(ada));
        assertThat(await(worker().open(4)).size()).isZero();
    }

    @Test
    void whoeverTakesOverKnowsAllThatWasAcknowledged() throws Exception {
        makeTopic();
        var first = await(worker().open(0));
        var acknowledged = new AtomicLong(-1);
        var stop = new AtomicBoolean();
        var writing =
                Thread.ofVirtual()
                        .start(() -> {
                            for (long number = 0; !stop.get(); number++) {
                                try (var permit = permit(first, number, 1, number)) {
                                    permit.settled(1).await();
                                    acknowledged.set(number);
                                } catch (InterruptedException e) {
                                    return;
                                }
                            }
                        });
        try {
            var taker = worker();
            for (int time = 1; time <= 10; time++) {
                long atLeast = 50L * time;
                Await.until(
                        PATIENCE,
                        () -> acknowledged.get() >= atLeast,
                        "there are that many writes");
                long known = acknowledged.get();

                var second = await(taker.open(0));

                for (long number = 0; number <= known; number++) {
                    assertThat(second.enter(Ids.id(number), 1, number))
                            .isEqualTo(new Entry.Duplicate(true));
                }
                taker.close(0);
            }
        } finally {
            stop.set(true);
            writing.join();
        }
    }

    @Test
    void aHundredThousandIdsAreTakenOver() throws Exception {
        makeTopic();
        int ids = 100_000;
        fill(0, 0, ids);

        long start = System.nanoTime();
        var ledger = await(worker().open(0));
        var took = Duration.ofNanos(System.nanoTime() - start);

        assertThat(ledger.size()).isEqualTo(ids);
        assertThat(ledger.bytes()).isLessThan(64L * ids);
        assertThat(ledger.enter(Ids.id(0), 1, 0)).isEqualTo(new Entry.Duplicate(true));
        assertThat(ledger.enter(Ids.id(ids - 1), 1, ids - 1)).isEqualTo(new Entry.Duplicate(true));
        assertThat(took).isLessThan(Duration.ofSeconds(15)); // bench/ measures it
    }

    @Test
    void manyPartitionsAreTakenOverAtATime() throws Exception {
        makeTopic();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            fill(partition, 10_000L * partition, 1_000 + partition);
        }
        var worker = worker();
        var openings = new ArrayList<CompletableFuture<PartitionLedger>>();

        for (int partition = 0; partition < PARTITIONS; partition++) {
            openings.add(worker.open(partition));
        }

        for (int partition = 0; partition < PARTITIONS; partition++) {
            var ledger = await(openings.get(partition));
            assertThat(ledger.partition()).isEqualTo(partition);
            assertThat(ledger.size()).isEqualTo(1_000 + partition);
        }
        assertThat(worker.size()).isEqualTo(12_066);
        worker.close(0);
        assertThat(worker.size()).isEqualTo(11_066);
    }

    @Test
    void ofMoreThanTheWindowHoldsTheLatestAreRead() throws Exception {
        makeTopic();
        fill(0, 0, 20_000);

        var ledger = await(worker(InstantSource.system(), 2_000).open(0));

        assertThat(ledger.size()).isBetween(1_750, 2_000);
        assertThat(ledger.enter(Ids.id(19_999), 1, 1)).isInstanceOf(Entry.Duplicate.class);
        assertThat(ledger.enter(Ids.id(17_000), 1, 1)).isInstanceOf(Entry.Go.class);
    }

    /// Time stamps are the producer's here, so that there can be old ones.
    @Test
    void whatWasBegunBeforeTheWindowIsInDoubtWhateverCameSince() throws Exception {
        KAFKA.createTopic(topics.ledger(), 2, Map.of());
        long now = Instant.now().toEpochMilli();
        long old = now - Duration.ofDays(3).toMillis();
        KAFKA.send(at(0, old, 1, new LedgerRecord(Stage.STARTED, 1, 1)));
        KAFKA.send(at(0, now, 2, new LedgerRecord(Stage.SETTLED, 1, 2)));

        var ledger = await(worker().open(0));

        assertThat(ledger.enter(Ids.id(1), 1, 1))
                .isInstanceOfSatisfying(
                        Entry.Unresolved.class,
                        begun -> assertThat(begun.startedAt().toEpochMilli()).isEqualTo(old));
    }

    /// If nothing is recent, the clock may be what is wrong.
    @Test
    void aClockInTheFutureDoesNotMakeAWorkerForget() throws Exception {
        makeTopic();
        fill(0, 0, 10);

        var in2038 = InstantSource.fixed(Instant.parse("2038-01-19T03:14:08Z"));
        var in1970 = InstantSource.fixed(Instant.EPOCH);

        assertThat(await(worker(in2038, 1_000).open(0)).size()).isEqualTo(10);
        assertThat(await(worker(in1970, 1_000).open(0)).size()).isEqualTo(10);
    }

    @Test
    void recordsThatCannotBeReadArePassedOverAndCounted() throws Exception {
        makeTopic();
        var rubbish = "{\"a\":1}".getBytes(StandardCharsets.UTF_8);
        KAFKA.send(record(0, 1, new LedgerRecord(Stage.SETTLED, 1, 1)));
        KAFKA.send(new ProducerRecord<>(topics.ledger(), 0, Ids.identity(1), rubbish));
        KAFKA.send(new ProducerRecord<>(topics.ledger(), 0, Ids.identity(3), null));
        KAFKA.send(record(0, 2, new LedgerRecord(Stage.SETTLED, 1, 2)));
        var worker = worker();

        var ledger = await(worker.open(0));

        assertThat(ledger.size()).isEqualTo(2);
        assertThat(worker.unreadable()).isEqualTo(2);
    }

    /// The last offsets belong to no record that can be seen.
    @Test
    void anEndThatIsNoRecordIsReachedAllTheSame() throws Exception {
        makeTopic();
        fill(0, 0, 5);
        try (var producer = transactional()) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(record(0, 7, new LedgerRecord(Stage.SETTLED, 1, 7))).get();
            producer.abortTransaction();
        }

        assertThat(await(worker().open(0)).size()).isEqualTo(5);
    }

    @Test
    void aTopicThatIsNotThereYetIsWaitedFor() throws Exception {
        var worker = worker();
        var opening = worker.open(0);
        assertThat(isDoneWithin(opening, Duration.ofMillis(500))).isFalse();

        makeTopic();

        assertThat(await(opening).size()).isZero();
    }

    @Test
    void whatIsReleasedIsNotWaitedForAnyMore() {
        var worker = worker();
        var opening = worker.open(0);

        worker.close(0);

        assertThat(opening).isCancelled();
        assertThat(worker.size()).isZero();
    }

    @Test
    void closingEndsTheReading() {
        var worker = worker();
        var opening = worker.open(0);

        worker.close();

        assertThat(opening).isCancelled();
    }

    @Test
    void aPartitionThatComesBackIsReadAnew() throws Exception {
        makeTopic();
        var worker = worker();
        var before = await(worker.open(0));
        worker.close(0);
        fill(0, 0, 3);

        // late words of a delivery that began before
        permit(before, 9, 1, 9).settled(1).await();
        var after = await(worker.open(0));

        assertThat(after.size()).isEqualTo(4);
        assertThat(after.enter(Ids.id(9), 1, 9)).isEqualTo(new Entry.Duplicate(true));
    }

    private void makeTopic() {
        KAFKA.createTopic(topics.ledger(), PARTITIONS, AS_DEPLOYED);
    }

    private Ledgers worker() {
        return worker(InstantSource.system(), 1_000_000);
    }

    private Ledgers worker(InstantSource clock, int maxIds) {
        var producer = clients.producer("outcomes", Map.of("linger.ms", "0"));
        opened.add(producer);
        var options = new LedgerOptions(Duration.ofDays(1), maxIds);
        var ledgers = Ledgers.start(clients, producer, topics, options, clock, System::nanoTime);
        opened.add(ledgers);
        return ledgers;
    }

    private Producer<byte[], byte[]> transactional() {
        return new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        KAFKA.bootstrapServers(),
                        "transactional.id",
                        KAFKA.prefix() + "ledger"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /// Events that were delivered, each with its two records.
    private void fill(int partition, long firstNumber, int ids) throws Exception {
        var producer = KAFKA.producer();
        Future<RecordMetadata> last = null;
        for (long number = firstNumber; number < firstNumber + ids; number++) {
            for (var stage : List.of(Stage.STARTED, Stage.SETTLED)) {
                boolean first = last == null;
                last = producer.send(record(partition, number, new LedgerRecord(stage, 1, number)));
                if (first) {
                    // A partition that is just being made may refuse the first batch and take the
                    // second, after which it never takes the first.
                    last.get();
                }
            }
        }
        producer.flush();
    }

    private ProducerRecord<byte[], byte[]> record(int partition, long number, LedgerRecord record) {
        return new ProducerRecord<>(
                topics.ledger(), partition, Ids.identity(number), LedgerCodec.encode(record));
    }

    private ProducerRecord<byte[], byte[]> at(
            int partition, long millis, long number, LedgerRecord record) {
        return new ProducerRecord<>(
                topics.ledger(),
                partition,
                millis,
                Ids.identity(number),
                LedgerCodec.encode(record));
    }

    private static Permit permit(PartitionLedger ledger, long number, int attempt, long offset) {
        return ((Entry.Go) ledger.enter(Ids.id(number), attempt, offset)).permit();
    }

    private static PartitionLedger await(CompletableFuture<PartitionLedger> opening)
            throws InterruptedException, ExecutionException, TimeoutException {
        return opening.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static boolean isDoneWithin(CompletableFuture<?> future, Duration time)
            throws InterruptedException, ExecutionException {
        try {
            future.get(time.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (CancellationException e) {
            return true;
        }
    }
}
