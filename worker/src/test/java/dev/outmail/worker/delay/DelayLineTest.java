package dev.outmail.worker.delay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.kafka.DelayTier;
import dev.outmail.kafka.Headers;
import dev.outmail.kafka.Topics;
import dev.outmail.testkit.ManualTime;
import dev.outmail.wire.RetryStateCodec;
import dev.outmail.worker.FakeConsumer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class DelayLineTest {
    private static final Topics TOPICS = new Topics("t.");
    private static final TopicPartition TEN = place(DelayTier.TEN_SECONDS, 0);
    private static final TopicPartition MINUTE = place(DelayTier.ONE_MINUTE, 1);
    private static final TopicPartition DAY = place(DelayTier.ONE_DAY, 2);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final int SEEDS = 40;

    private final ManualTime here = new ManualTime();
    private final Instant start = here.instant();
    private Duration brokerIsAhead = Duration.ZERO;
    private final FakeConsumer consumer = new FakeConsumer("unused");
    private final FakeProducer producer =
            new FakeProducer(4, () -> brokerMillis(here.ticker().getAsLong()));
    private DelayLine line = line();

    private long brokerMillis(long nanos) {
        return start.plus(brokerIsAhead).plusNanos(nanos).toEpochMilli();
    }

    private DelayLine line() {
        var delays = new Delays(TOPICS, topic -> producer.partitionsFor(topic).size());
        return new DelayLine(
                consumer,
                producer,
                TOPICS,
                delays,
                new BrokerTime(here, here.ticker()),
                here.ticker());
    }

    private static TopicPartition place(DelayTier tier, int partition) {
        return new TopicPartition(TOPICS.delay(tier), partition);
    }

    private static ConsumerRecord<byte[], byte[]> waiting(
            TopicPartition place, long offset, Instant appendedAt, @Nullable Instant due) {
        return WaitingRecords.waiting(place, offset, appendedAt, due);
    }

    private void assign(TopicPartition... places) {
        if (consumer.subscription().isEmpty()) {
            line.begin();
        }
        consumer.assignAtNextPoll(List.of(places));
        steps();
    }

    private void deliver(ConsumerRecord<byte[], byte[]> record) {
        consumer.deliver(record);
        steps();
    }

    /// A few, so that what one causes the next ones see.
    private void steps() {
        for (int i = 0; i < 4; i++) {
            line.step();
        }
    }

    private void pass(Duration time) {
        here.advance(time);
        steps();
    }

    private List<String> topics() {
        return producer.sent().stream().map(ProducerRecord::topic).toList();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @EnumSource
    void aRecordGoesOnWhenTheDelayOfItsTopicIsOver(DelayTier tier) {
        var place = place(tier, 0);
        assign(place);
        deliver(waiting(place, 0, start, null));

        here.advance(tier.delay().minusMillis(1));
        consumer.deliver(waiting(place, 0, start, null)); // again, if it was given back
        steps();
        assertThat(producer.sent()).isEmpty();
        pass(Duration.ofMillis(1));

        assertThat(topics()).containsExactly("t.events");
    }

    @Test
    void aRecordThatIsDueBeforeTheDelayIsOverGoesBackInTime() {
        assign(TEN);
        deliver(waiting(TEN, 0, start, start.plusSeconds(9)));
        deliver(waiting(TEN, 1, start, start.plusMillis(2_500)));

        pass(Duration.ofMillis(2_499));
        assertThat(producer.sent()).isEmpty();
        pass(Duration.ofMillis(1));

        assertThat(producer.sent())
                .extracting(record -> text(record.value()))
                .containsExactly("value-0-1");
    }

    @Test
    void aRecordThatHasLongerToWaitGoesToTheLongestDelayThatFits() {
        assign(TEN);
        deliver(waiting(TEN, 0, start, start.plus(Duration.ofMinutes(7))));
        deliver(waiting(TEN, 1, start, start.plusSeconds(38)));
        deliver(waiting(TEN, 2, start, start.plusMillis(11_500)));
        deliver(waiting(TEN, 3, start, start.plusMillis(10_900)));

        pass(Duration.ofSeconds(10));
        assertThat(topics()).containsExactlyInAnyOrder("t.delay-5m", "t.delay-10s", "t.delay-10s");
        pass(Duration.ofMillis(900));

        assertThat(topics()).endsWith("t.events");
    }

    @Test
    void aRecordComesBackAsItWas() {
        assign(MINUTE);
        var record = waiting(MINUTE, 0, start.minusSeconds(60), null);

        deliver(record);

        assertThat(producer.sent())
                .singleElement()
                .satisfies(sent -> {
                    assertThat(sent.partition()).isEqualTo(1);
                    assertThat(sent.key()).isEqualTo(record.key());
                    assertThat(sent.value()).isEqualTo(record.value());
                    assertThat(sent.headers().toArray()).isEqualTo(record.headers().toArray());
                });
    }

    @Test
    void whereItsPartitionIsNoMoreTheKeyDecides() {
        assign(TEN);
        var header =
                """
                {"attempt": 2, "acceptedAt": "2026-01-15T11:00:00Z", "partition": 2147483647}\
                """;

        deliver(
                WaitingRecords.record(
                        TEN,
                        0,
                        start.minusSeconds(10),
                        TimestampType.LOG_APPEND_TIME,
                        WaitingRecords.utf8(header)));

        assertThat(producer.sent()).singleElement().returns(null, ProducerRecord::partition);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{\"attempt\": 2}", "null"})
    void aRecordWithABrokenHeaderGoesBackAtOnce(String header) {
        assign(DAY);

        deliver(
                WaitingRecords.record(
                        DAY, 0, start, TimestampType.LOG_APPEND_TIME, WaitingRecords.utf8(header)));

        assertThat(topics()).containsExactly("t.events");
        assertThat(producer.sent().getFirst().partition()).isEqualTo(2);
        assertThat(text(producer.sent().getFirst().headers().lastHeader(Headers.RETRY).value()))
                .isEqualTo(header);
    }

    @Test
    void aRecordWithoutAHeaderGoesBackAtOnce() {
        assign(DAY);

        deliver(WaitingRecords.record(DAY, 0, start, TimestampType.LOG_APPEND_TIME, null));

        assertThat(topics()).containsExactly("t.events");
    }

    @Test
    void anOffsetIsCommittedWhenItsRecordAndAllBeforeItArrived() {
        confirmTime();
        producer.answerWhenTold();
        assign(TEN);
        for (int i = 0; i < 3; i++) {
            deliver(waiting(TEN, i, start, start.plusSeconds(i)));
        }
        pass(Duration.ofSeconds(3));
        assertThat(committed(TEN)).doesNotContain(1L, 2L, 3L);

        producer.acknowledge(1);
        pass(SECOND);
        assertThat(committed(TEN)).doesNotContain(1L, 2L, 3L);
        producer.acknowledge(0);
        pass(SECOND);
        assertThat(committed(TEN)).endsWith(2L);
        producer.acknowledge(0);
        pass(SECOND);

        assertThat(committed(TEN)).endsWith(3L);
    }

    @Test
    void whatIsNotWrittenIsWrittenAgainAndDelaysNoOther() {
        confirmTime();
        producer.answerWhenTold();
        assign(TEN);
        deliver(waiting(TEN, 0, start, start));
        producer.fail(0, new RecordTooLargeException("no"));
        steps();

        deliver(waiting(TEN, 1, start, start));
        assertThat(topics()).containsExactly("t.events", "t.events");
        producer.acknowledge(0);
        pass(SECOND);

        assertThat(producer.sent())
                .extracting(record -> text(record.value()))
                .containsExactly("value-0-0", "value-0-1", "value-0-0");
        producer.acknowledge(0);
        pass(SECOND);
        assertThat(committed(TEN)).endsWith(2L);
    }

    @Test
    void whileTheProducerTakesNothingItIsAskedOnceASecond() {
        confirmTime();
        assign(TEN);
        producer.refuse(new TimeoutException("no metadata"));
        deliver(waiting(TEN, 0, start, start));
        deliver(waiting(TEN, 1, start, start));

        producer.refuse(null);
        pass(Duration.ofMillis(999));
        assertThat(producer.sent()).isEmpty();
        pass(Duration.ofSeconds(2));

        assertThat(producer.sent()).hasSize(2);
    }

    @Test
    void whatIsDueInAnHourTakesNoMemoryAndItsPartitionRests() {
        var place = place(DelayTier.TWO_HOURS, 0);
        assign(place);
        deliver(waiting(place, 0, start, null));

        assertThat(consumer.paused()).containsExactly(place);
        assertThat(consumer.position(place)).isZero();
        assertThat(line.nextDue()).contains(start.plus(Duration.ofHours(2)));
        pass(Duration.ofHours(2).minusSeconds(3));
        assertThat(consumer.paused()).containsExactly(place);
        pass(SECOND);
        assertThat(consumer.paused()).isEmpty();
        deliver(waiting(place, 0, start, null));
        pass(Duration.ofSeconds(2));

        assertThat(topics()).containsExactly("t.events");
    }

    @Test
    void partitionsThatComeAreReadWhileOthersRest() {
        assign(DAY);
        deliver(waiting(DAY, 0, start, null));

        consumer.assignAtNextPoll(List.of(DAY, TEN));
        steps();

        assertThat(consumer.paused()).containsExactly(DAY);
        deliver(waiting(TEN, 0, start, start));
        assertThat(topics()).containsExactly("t.events");
    }

    @Test
    void noMoreThanTheBoundIsInMemory() {
        confirmTime();
        var other = place(DelayTier.TEN_SECONDS, 1);
        assign(TEN, other);
        consumer.schedulePollTask(() -> {
            for (int i = 0; i < DelayLine.MAX_RECORDS; i++) {
                consumer.addRecord(waiting(TEN, i, start, null));
            }
        });
        steps();

        assertThat(consumer.paused()).containsExactly(TEN);
        pass(Duration.ofSeconds(10));
        assertThat(producer.sent()).hasSize(DelayLine.MAX_RECORDS);
        steps();
        assertThat(consumer.paused()).isEmpty();
    }

    @Test
    void whatArrivedIsCommittedBeforeAPartitionIsGivenUpAndTheRestDropped() {
        confirmTime();
        assign(TEN, MINUTE);
        deliver(waiting(TEN, 0, start, start));
        deliver(waiting(TEN, 1, start, start.plusSeconds(5)));

        consumer.assignAtNextPoll(List.of(MINUTE));
        steps();
        pass(Duration.ofSeconds(9));

        assertThat(producer.sent()).hasSize(1);
        assertThat(consumer.commits()).contains(new FakeConsumer.Commit(TEN, 1, true));
    }

    @Test
    void whatWasLostIsNeitherForwardedNorCommitted() {
        confirmTime();
        producer.answerWhenTold();
        assign(TEN, MINUTE);
        deliver(waiting(TEN, 0, start, start));
        deliver(waiting(TEN, 1, start, start.plusSeconds(5)));

        consumer.loseAtNextPoll(TEN);
        steps();
        producer.acknowledge(0);
        pass(Duration.ofSeconds(9));

        assertThat(producer.sent()).hasSize(1);
        assertThat(committed(TEN)).doesNotContain(1L, 2L);
    }

    @Test
    void whenOurClockJumpsNothingGoesEarlyAndNothingLate() {
        assign(TEN);
        deliver(waiting(TEN, 0, start, start.plusSeconds(9)));

        here.setClock(Instant.parse("2038-01-19T03:14:08Z"));
        pass(Duration.ofSeconds(8));
        assertThat(producer.sent()).isEmpty();
        here.setClock(Instant.EPOCH);
        pass(SECOND);

        assertThat(topics()).containsExactly("t.events");
    }

    /// It can't know better before a broker said what time it is.
    @Test
    void aClockThatIsAheadAtTheStartLetsOneGoEarly() {
        here.setClock(start.plus(Duration.ofHours(1)));
        line = line();
        assign(TEN);
        for (int i = 0; i < 5; i++) {
            consumer.deliver(waiting(TEN, i, start, null));
        }
        drain(8);
        assertThat(producer.sent()).hasSize(1);

        pass(Duration.ofMillis(9_999));
        assertThat(producer.sent()).hasSize(1);
        pass(Duration.ofMillis(1));
        assertThat(producer.sent()).hasSize(5);
    }

    private void drain(int steps) {
        for (int i = 0; i < steps; i++) {
            line.step();
        }
    }

    @Test
    void aClockThatIsBehindAtTheStartCostsNoMoreThanOneDelay() {
        here.setClock(Instant.EPOCH);
        line = line();
        assign(TEN);

        deliver(waiting(TEN, 0, start.minus(Duration.ofDays(3)), null));
        pass(Duration.ofSeconds(10));

        assertThat(producer.sent()).hasSize(1);
    }

    /// As on a topic that is not set up as it should be.
    @Test
    void aTimestampFromTheFutureHoldsNothingUpForLongerThanItsDelay() {
        assign(TEN);
        var header = WaitingRecords.state(start, null, 0);

        deliver(
                WaitingRecords.record(
                        TEN,
                        0,
                        Instant.parse("2200-01-01T00:00:00Z"),
                        TimestampType.CREATE_TIME,
                        RetryStateCodec.encode(header)));
        pass(Duration.ofSeconds(10));

        assertThat(producer.sent()).hasSize(1);
    }

    static LongStream seeds() {
        return new Random().longs(SEEDS);
    }

    /// Records come, are due, are answered or not, in any order: each arrives once, never early,
    /// and no offset is committed before all up to it arrived.
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void whateverHappensEachArrivesOnceAndNoneIsCommittedBefore(long seed) {
        var random = new Random(seed);
        confirmTime();
        producer.answerWhenTold();
        assign(TEN);
        int records = 30;
        var due = new HashMap<String, Instant>();
        var arrived = new ArrayList<String>();
        int delivered = 0;

        for (int step = 0; step < 400 || arrived.size() < records; step++) {
            if (delivered < records && random.nextInt(4) == 0) {
                var now = start.plusNanos(here.ticker().getAsLong());
                var when = now.plusMillis(random.nextInt(9_000));
                due.put("value-0-" + delivered, when);
                consumer.deliver(waiting(TEN, delivered++, now, when));
            }
            if (producer.open() > 0 && random.nextInt(3) > 0) {
                int which = random.nextInt(producer.open());
                if (random.nextInt(4) == 0) {
                    producer.fail(which, new TimeoutException("no answer"));
                } else {
                    arrived.add(producer.acknowledge(which));
                }
            }
            int before = producer.sent().size();
            line.step();
            var now = start.plusNanos(here.ticker().getAsLong());
            producer.sent()
                    .subList(before, producer.sent().size())
                    .forEach(record ->
                            assertThat(due.get(text(record.value()))).isBeforeOrEqualTo(now));
            assertThat(lastCommitted()).isLessThanOrEqualTo(firstMissing(arrived));
            here.advance(Duration.ofMillis(random.nextInt(300)));
        }
        pass(SECOND);

        assertThat(arrived).doesNotHaveDuplicates().hasSize(records);
        assertThat(lastCommitted()).isEqualTo(records);
    }

    private long lastCommitted() {
        var all = committed(TEN);
        return all.isEmpty() ? 0 : all.getLast();
    }

    private static long firstMissing(List<String> arrived) {
        int first = 0;
        while (arrived.contains("value-0-" + first)) {
            first++;
        }
        return first;
    }

    private List<Long> committed(TopicPartition place) {
        return consumer.commits().stream()
                .filter(commit -> commit.partition().equals(place))
                .map(FakeConsumer.Commit::offset)
                .toList();
    }

    /// Lets one record through, after which more than one at a time go.
    private void confirmTime() {
        var place = place(DelayTier.FIVE_MINUTES, 3);
        assign(place);
        deliver(WaitingRecords.record(place, 0, start, TimestampType.LOG_APPEND_TIME, null));
        steps();
        producer.forget();
    }
}
