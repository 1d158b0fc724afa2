package dev.outmail.worker.delay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.kafka.DelayTier;
import dev.outmail.kafka.Headers;
import dev.outmail.kafka.KafkaClients;
import dev.outmail.kafka.TopicAdmin;
import dev.outmail.kafka.Topics;
import dev.outmail.mail.EventLimits;
import dev.outmail.testkit.Await;
import dev.outmail.testkit.kafka.KafkaBroker;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(120)
class DelayLineIT {
    @RegisterExtension static final KafkaBroker KAFKA = new KafkaBroker();

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int PARTITIONS = 4;
    private static final int RECORDS = 1_000;
    private static final boolean FULL = Boolean.getBoolean("outmail.test.faults");

    private final List<Running> lines = new ArrayList<>();
    private final Map<String, Instant> due = new HashMap<>();
    private Topics topics;
    private Delays delays;

    /// A line and its thread.
    private record Running(DelayLine line, Thread thread, Producer<byte[], byte[]> producer) {
        void stop() throws InterruptedException {
            line.stop();
            thread.join();
            producer.close();
        }

        /// It commits nothing any more, as if its process were gone.
        void kill() throws InterruptedException {
            thread.interrupt();
            thread.join();
            producer.close(Duration.ZERO);
        }
    }

    @BeforeEach
    void prepare() throws InterruptedException {
        topics = new Topics(KAFKA.prefix());
        var admin = new TopicAdmin(KAFKA.admin());
        var specs = topics.specs(PARTITIONS, EventLimits.DEFAULT.maxBytes());
        admin.apply(admin.compare(specs), Optional.empty());
        delays = new Delays(topics, topic -> KAFKA.producer().partitionsFor(topic).size());
    }

    @AfterEach
    void stopAll() throws InterruptedException {
        for (var one : lines) {
            one.stop();
        }
    }

    private Running start() {
        var clients =
                new KafkaClients(
                        Map.of(
                                "bootstrap.servers",
                                KAFKA.bootstrapServers(),
                                "heartbeat.interval.ms",
                                "300"),
                        "test-" + lines.size());
        var producer = clients.producer("delays", Map.of("linger.ms", "5"));
        var line =
                new DelayLine(
                        clients.consumer(
                                "delays", DelayLine.consumerConfig(topics, Duration.ofSeconds(6))),
                        producer,
                        topics,
                        new Delays(topics, topic -> producer.partitionsFor(topic).size()),
                        new BrokerTime(InstantSource.system(), System::nanoTime),
                        System::nanoTime);
        var thread = Thread.ofPlatform().name("delays-" + lines.size()).start(line);
        var running = new Running(line, thread, producer);
        lines.add(running);
        return running;
    }

    private void putOff(String name, int partition, Duration wait) {
        putOff(name, partition, wait, wait);
    }

    /// What is not written is missed when it does not come back.
    ///
    /// @param fits what it waits in the topic of
    @SuppressWarnings("FutureReturnValueIgnored")
    private void putOff(String name, int partition, Duration wait, Duration fits) {
        var now = InstantSource.system().instant();
        var when = now.plus(wait).truncatedTo(ChronoUnit.MILLIS);
        due.put(name, when);
        var value = name.getBytes(StandardCharsets.UTF_8);
        var event =
                new ConsumerRecord<>(
                        topics.events(),
                        partition,
                        0,
                        name.getBytes(StandardCharsets.UTF_8),
                        value);
        event.headers().add("traceparent", value);
        KAFKA.producer()
                .send(delays.record(event, WaitingRecords.state(now, when, partition), fits));
    }

    private void putOffMany(Random random, int records, int mostMillis) {
        for (int i = 0; i < records; i++) {
            int millis = 1_000 + random.nextInt(mostMillis - 1_000);
            putOff("mail-" + i, i % PARTITIONS, Duration.ofMillis(millis));
        }
        KAFKA.producer().flush();
    }

    private List<ConsumerRecord<byte[], byte[]>> awaitBack(int count) {
        return KAFKA.awaitRecords(topics.events(), count, PATIENCE);
    }

    private static String name(ConsumerRecord<byte[], byte[]> record) {
        return new String(record.value(), StandardCharsets.UTF_8);
    }

    /// Longer than the line looks ahead: the partition rests, and is read again in time.
    ///
    /// @return how many
    private int putOffForLong() {
        var waits =
                FULL
                        ? new int[] {60_500, 65_000, 64_000, 62_000, 30_000}
                        : new int[] {17_500, 20_000, 19_000, 18_000};
        for (int i = 0; i < waits.length; i++) {
            var wait = Duration.ofMillis(waits[i]);
            var fits = FULL ? wait : DelayTier.ONE_MINUTE.delay();
            putOff("mail-" + (RECORDS + i * PARTITIONS), 0, wait, fits);
        }
        KAFKA.producer().flush();
        return waits.length;
    }

    @Test
    void whatWaitsComesBackOnceAndInTime() {
        long seed = new Random().nextLong();
        start();

        putOffMany(new Random(seed), RECORDS, 15_000);
        int all = RECORDS + putOffForLong();

        awaitBack(all);
        var back = KAFKA.readAll(topics.events());
        var late = lateness(back);
        System.out.printf(
                "lateness of %,d records in ms, seed %d: earliest %d, p50 %d, p99 %d, latest %d%n",
                all,
                seed,
                late.getFirst(),
                late.get(all / 2),
                late.get(all * 99 / 100),
                late.getLast());
        assertThat(back).extracting(DelayLineIT::name).doesNotHaveDuplicates().hasSize(all);
        assertThat(late.getFirst()).isGreaterThanOrEqualTo(-1_000);
        assertThat(late.get(all * 99 / 100)).isLessThan(1_000);
        assertThat(back)
                .allSatisfy(record -> {
                    int number = Integer.parseInt(name(record).substring("mail-".length()));
                    assertThat(record.partition()).isEqualTo(number % PARTITIONS);
                    assertThat(record.key()).isEqualTo(record.value());
                    assertThat(record.headers().toArray())
                            .extracting(header -> header.key())
                            .containsExactly("traceparent", Headers.RETRY);
                });
    }

    /// In milliseconds, ascending.
    private List<Long> lateness(List<ConsumerRecord<byte[], byte[]>> back) {
        return back.stream()
                .map(record ->
                        Duration.between(
                                        due.get(name(record)),
                                        Instant.ofEpochMilli(record.timestamp()))
                                .toMillis())
                .sorted()
                .toList();
    }

    @Test
    void aLineThatIsKilledLosesNothing() throws InterruptedException {
        var first = start();
        putOffMany(new Random(), RECORDS, 6_000);
        awaitBack(RECORDS / 4);

        first.kill();
        lines.remove(first);
        int before = KAFKA.readAll(topics.events()).size();
        start();

        Await.until(
                PATIENCE,
                () ->
                        KAFKA.readAll(topics.events()).stream()
                                        .map(DelayLineIT::name)
                                        .distinct()
                                        .count()
                                == RECORDS,
                "all are back");
        int all = KAFKA.readAll(topics.events()).size();
        System.out.printf("%,d were back before the kill, %,d came twice%n", before, all - RECORDS);
        assertThat(before).isLessThan(RECORDS);
    }

    /// As long as records are due in the order in which they came. A later one that went before an
    /// earlier one is not committed yet, and comes twice; the ledger knows it then.
    @Test
    void twoLinesShareAndHandOverWithoutLossOrDoubles() throws InterruptedException {
        var first = start();
        for (int i = 0; i < RECORDS; i++) {
            putOff("mail-" + i, i % PARTITIONS, Duration.ofMillis(1_000 + 6 * i));
        }
        KAFKA.producer().flush();
        awaitBack(RECORDS / 10);

        var second = start();
        awaitBack(RECORDS / 2);
        first.stop();
        lines.remove(first);

        awaitBack(RECORDS);
        assertThat(KAFKA.readAll(topics.events()))
                .extracting(DelayLineIT::name)
                .doesNotHaveDuplicates()
                .hasSize(RECORDS);
        assertThat(second.thread().isAlive()).isTrue();
    }

    @Test
    void aPoisonHeaderGoesBackAtOnceAndHoldsUpNobody() {
        start();
        var poison =
                WaitingRecords.record(
                        new TopicPartition(topics.events(), 0),
                        0,
                        Instant.EPOCH,
                        TimestampType.LOG_APPEND_TIME,
                        WaitingRecords.utf8("{\"attempt\": 1e99999999"));
        var toADay = delays.onward(poison, Duration.ofDays(2));
        var toTen = delays.onward(poison, Duration.ofSeconds(2));

        KAFKA.send(toADay);
        KAFKA.send(toTen);
        putOff("innocent", 0, Duration.ofSeconds(2));

        var back = awaitBack(3);
        assertThat(back)
                .extracting(DelayLineIT::name)
                .containsExactly("value-0-0", "value-0-0", "innocent");
        assertThat(lateness(List.of(back.getLast())).getFirst()).isBetween(-1_000L, 1_000L);
    }
}
