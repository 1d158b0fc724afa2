package dev.outmail.worker.delay;

import dev.outmail.kafka.DelayTier;
import dev.outmail.kafka.Topics;
import dev.outmail.wire.RetryHeader;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Forwards what waited: reads the delay topics, and when a record's time has come, writes it back
/// to the events, or to another delay topic if it has longer to wait. A record is done with when
/// where it goes has it.
///
/// In memory is what is due within seconds; a partition whose next record is due later rests until
/// shortly before that. One thread runs the line and owns all but what is said to be safe for all;
/// it never waits but in poll.
public final class DelayLine implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(DelayLine.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration POLL_WHILE_SENDING = Duration.ofMillis(20);

    /// A producer without room makes each record wait; a consumer must not wait with it.
    private static final Duration BETWEEN_POLLS = Duration.ofSeconds(1);

    private static final Duration COMMIT_INTERVAL = Duration.ofMillis(200);
    private static final Duration COMMIT_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration LAST_ANSWERS = Duration.ofSeconds(3);
    private static final Duration BETWEEN_COUNTS = Duration.ofSeconds(1);

    /// How far ahead a record's time may be for it to be kept in memory. Longer than the shortest
    /// delay: there, records with a time of their own don't come in the order of their times.
    static final Duration HORIZON = DelayTier.TEN_SECONDS.delay().plusSeconds(5);

    /// How long before its next record's time a partition is read again.
    static final Duration WAKE_BEFORE = Duration.ofSeconds(2);

    static final int MAX_RECORDS = 10_000;
    static final long MAX_BYTES = 32 << 20;
    private static final int FETCH_BYTES = 2 << 20;

    private final Consumer<byte[], byte[]> consumer;
    private final Map<String, DelayTier> tiers = new HashMap<>();
    private final LongSupplier nanoTime;
    private final BrokerTime time;
    private final Forwarder forwarder;
    private final HeldRecords held = new HeldRecords(MAX_RECORDS, MAX_BYTES);
    private final DelayPartitions partitions = new DelayPartitions();
    private long lastCommitNanos;
    private long lastCountNanos;
    private volatile boolean stopping;
    private volatile Map<DelayTier, Long> waiting = Map.of();
    private volatile long nextDueMillis = Long.MAX_VALUE;

    /// @param consumer one of its own, configured as [#consumerConfig] says
    /// @param producer may be shared
    /// @param time what times are due by; may be shared, and learns from what the line hears
    public DelayLine(
            Consumer<byte[], byte[]> consumer,
            Producer<byte[], byte[]> producer,
            Topics topics,
            Delays delays,
            BrokerTime time,
            LongSupplier nanoTime) {
        this.consumer = consumer;
        this.nanoTime = nanoTime;
        for (var tier : DelayTier.values()) {
            tiers.put(topics.delay(tier), tier);
        }
        this.time = time;
        forwarder = new Forwarder(producer, delays, time, nanoTime);
    }

    /// What a line's consumer needs to be.
    ///
    /// @param sessionTimeout after how much silence Kafka gives a line's partitions to others
    public static Map<String, String> consumerConfig(Topics topics, Duration sessionTimeout) {
        return Map.of(
                "session.timeout.ms",
                Long.toString(sessionTimeout.toMillis()),
                "group.id",
                topics.delayGroup(),
                "group.protocol",
                "classic",
                "partition.assignment.strategy",
                CooperativeStickyAssignor.class.getName(),
                "max.poll.records",
                "500",
                "fetch.max.bytes",
                Integer.toString(FETCH_BYTES),
                "max.partition.fetch.bytes",
                Integer.toString(FETCH_BYTES / 8));
    }

    /// Makes [#run()] finish what is under way and return. Safe for all threads.
    public void stop() {
        stopping = true;
        consumer.wakeup();
    }

    /// Records of the partitions held here that wait, as of a second ago. Safe for all threads.
    public long waiting() {
        return waiting.values().stream().mapToLong(Long::longValue).sum();
    }

    /// The same of one topic.
    public long waiting(DelayTier tier) {
        return waiting.getOrDefault(tier, 0L);
    }

    /// When the next one is due that is known of, by the brokers' clock. Safe for all threads.
    public Optional<Instant> nextDue() {
        long millis = nextDueMillis;
        return millis == Long.MAX_VALUE
                ? Optional.empty()
                : Optional.of(Instant.ofEpochMilli(millis));
    }

    @Override
    public void run() {
        try {
            begin();
            while (!stopping) {
                step();
            }
            release(partitions.all());
        } finally {
            consumer.close(CloseOptions.timeout(CLOSE_TIMEOUT));
        }
    }

    void begin() {
        lastCommitNanos = nanoTime.getAsLong();
        lastCountNanos = lastCommitNanos;
        consumer.subscribe(tiers.keySet(), new Rebalance());
    }

    void step() {
        forwarder.takeAnswers(this::arrived, this::failed);
        forwardWhatIsDue();
        commitWhenDue();
        count();
        pauseOrResume();
        poll();
    }

    private void arrived(Waiting one) {
        held.forget(one);
        if (!one.home().ended()) {
            one.home().progress().complete(one.record().offset());
        }
    }

    private void failed(Waiting one) {
        if (one.home().ended()) {
            held.forget(one);
        } else {
            held.takeBack(one.failed(time.millis()));
        }
    }

    private void forwardWhatIsDue() {
        long begun = nanoTime.getAsLong();
        for (var next = held.first(); next != null && isDue(next); next = held.first()) {
            if (nanoTime.getAsLong() - begun > BETWEEN_POLLS.toNanos()) {
                return;
            }
            held.removeFirst();
            if (!forwarder.send(next)) {
                held.takeBack(next.failed(time.millis()));
                return;
            }
        }
    }

    private boolean isDue(Waiting one) {
        return one.releaseMillis() <= time.millis() && forwarder.isReady();
    }

    /// Newly assigned partitions are never paused, so this is decided anew each time.
    private void pauseOrResume() {
        var open = new ArrayList<TopicPartition>();
        var shut = new ArrayList<TopicPartition>();
        for (var partition : consumer.assignment()) {
            var home = partitions.of(partition);
            boolean mayRead = home == null || (!isResting(home) && held.hasRoomFor(home));
            (mayRead ? open : shut).add(partition);
        }
        consumer.pause(shut);
        consumer.resume(open);
    }

    private boolean isResting(DelayPartition home) {
        return time.millis() + WAKE_BEFORE.toMillis() < home.headMillis();
    }

    private void poll() {
        try {
            admit(consumer.poll(untilSomethingIsToDo()));
        } catch (WakeupException e) {
            // it is time to stop
        }
    }

    private Duration untilSomethingIsToDo() {
        long millis = forwarder.underWay() > 0 ? POLL_WHILE_SENDING.toMillis() : POLL.toMillis();
        if (!DelayPartitions.committable(partitions.all()).isEmpty()) {
            millis = Math.min(millis, COMMIT_INTERVAL.toMillis());
        }
        long now = time.millis();
        var first = held.first();
        if (first != null && forwarder.isReady()) {
            millis = Math.min(millis, Math.max(0, first.releaseMillis() - now));
        }
        for (var home : partitions.all()) {
            if (isResting(home)) {
                millis = Math.min(millis, home.headMillis() - WAKE_BEFORE.toMillis() - now);
            }
        }
        return Duration.ofMillis(millis);
    }

    private void admit(ConsumerRecords<byte[], byte[]> records) {
        for (var partition : records.partitions()) {
            for (var record : records.records(partition)) {
                if (!admit(partition, record)) {
                    break;
                }
            }
        }
    }

    /// Keeps a record until its time; or, if that is far away, gives it back and lets its partition
    /// rest.
    ///
    /// @return whether the next record of the partition may come
    private boolean admit(TopicPartition partition, ConsumerRecord<byte[], byte[]> record) {
        var home = partitions.of(partition);
        if (home == null) {
            return false;
        }
        if (home.progress().hasSeen(record.offset())) {
            home = startOver(home, record.offset());
        }
        time.saw(record);
        var one = Waiting.of(home, record, time.millis());
        if (one.releaseMillis() > time.millis() + HORIZON.toMillis()) {
            home.restFor(one.releaseMillis());
            consumer.seek(partition, record.offset());
            return false;
        }
        if (!(one.header() instanceof RetryHeader.Present)) {
            sayThatNobodyKnowsWhatItWaitsFor(one);
        }
        home.progress().begin(record.offset(), record.timestamp());
        held.take(one);
        return true;
    }

    private static void sayThatNobodyKnowsWhatItWaitsFor(Waiting one) {
        log.atWarn()
                .addKeyValue("partition", one.home().partition())
                .addKeyValue("offset", one.record().offset())
                .addKeyValue("header", one.header())
                .log(
                        "A record waits without a usable retry header; it goes back to the events at once");
    }

    /// Offsets went back: the log was cut off or made anew, and what comes now are other records.
    private DelayPartition startOver(DelayPartition before, long offset) {
        log.atError()
                .addKeyValue("partition", before.partition())
                .addKeyValue("expected", before.progress().next())
                .addKeyValue("offset", offset)
                .log(
                        "A delay topic lost records that were read; what it has now is forwarded from here on");
        before.end();
        held.dropEnded();
        return partitions.begin(before.partition(), before.tier());
    }

    private void commitWhenDue() {
        long now = nanoTime.getAsLong();
        if (now - lastCommitNanos < COMMIT_INTERVAL.toNanos()) {
            return;
        }
        var offsets = DelayPartitions.committable(partitions.all());
        if (offsets.isEmpty()) {
            return;
        }
        lastCommitNanos = now;
        consumer.commitAsync(
                offsets,
                (committed, failure) -> {
                    if (failure == null) {
                        partitions.committed(committed);
                    } else {
                        log.atDebug()
                                .setCause(failure)
                                .log("Commit failed; the next one covers it");
                    }
                });
    }

    private void count() {
        long next = nextDueMillis();
        nextDueMillis = next;
        long now = nanoTime.getAsLong();
        if (now - lastCountNanos < BETWEEN_COUNTS.toNanos()) {
            return;
        }
        lastCountNanos = now;
        var counts = new EnumMap<DelayTier, Long>(DelayTier.class);
        for (var home : partitions.all()) {
            long unread = consumer.currentLag(home.partition()).orElse(0);
            counts.merge(home.tier(), home.held() + unread, Long::sum);
        }
        waiting = counts;
    }

    private long nextDueMillis() {
        var first = held.first();
        long next = first == null ? Long.MAX_VALUE : Math.max(0, first.releaseMillis());
        for (var home : partitions.all()) {
            if (isResting(home)) {
                next = Math.min(next, home.headMillis());
            }
        }
        return next;
    }

    /// Gives partitions up in good order: what was sent gets a moment to arrive, and what arrived
    /// is committed. What waits is dropped; whoever is next reads it again.
    private void release(List<DelayPartition> which) {
        long deadline = nanoTime.getAsLong() + LAST_ANSWERS.toNanos();
        while (which.stream().anyMatch(DelayPartition::busy)
                && forwarder.awaitAnswer(
                        deadline - nanoTime.getAsLong(), this::arrived, this::failed)) {
            // one more
        }
        commitNow(which);
        forget(which);
    }

    private void commitNow(List<DelayPartition> which) {
        var offsets = DelayPartitions.committable(which);
        if (offsets.isEmpty()) {
            return;
        }
        try {
            commitSync(offsets);
            partitions.committed(offsets);
        } catch (KafkaException e) {
            log.atWarn()
                    .addKeyValue("partitions", offsets.keySet())
                    .addKeyValue("cause", e.toString())
                    .log("The last offsets were not committed; what they cover is forwarded again");
        }
    }

    /// A wakeup that is pending aborts a commit, and is used up by that.
    private void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets) {
        while (true) {
            try {
                consumer.commitSync(offsets, COMMIT_TIMEOUT);
                return;
            } catch (WakeupException e) {
                // again
            }
        }
    }

    private void forget(List<DelayPartition> which) {
        which.forEach(DelayPartition::end);
        held.dropEnded();
        partitions.forget(which);
    }

    private final class Rebalance implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
            for (var partition : assigned) {
                var tier = Objects.requireNonNull(tiers.get(partition.topic()));
                partitions.begin(partition, tier);
            }
            say("Delay partitions assigned", assigned);
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
            release(partitions.of(revoked));
            say("Delay partitions revoked", revoked);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> lost) {
            forget(partitions.of(lost));
            say("Delay partitions lost", lost);
        }

        private void say(String what, Collection<TopicPartition> which) {
            log.atInfo()
                    .addKeyValue("partitions", which.size())
                    .addKeyValue("held", partitions.size())
                    .log(what);
        }
    }
}
