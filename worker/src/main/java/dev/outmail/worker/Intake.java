package dev.outmail.worker;

import dev.outmail.worker.ledger.PartitionLedger;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes events in: polls, starts a delivery for each record within the budget, and commits what is
/// done. One thread runs it and owns the consumer, the leases' progress and the budget; deliveries
/// tell it of their end through a queue. It never blocks but in poll, and there it can be woken.
final class Intake implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(Intake.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration BETWEEN_COUNTS = Duration.ofSeconds(1);

    /// What a delivery that is broken off has to say how far it got.
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    /// Makes deliveries.
    interface Deliveries {
        /// A partition was assigned. None of its records is started before the future is complete,
        /// with what the lease needs.
        CompletableFuture<PartitionLedger> prepare(TopicPartition partition);

        /// Starts the delivery of a record and returns at once.
        ///
        /// @param whenEnded to be called once, by any thread, when it ended: with true when all
        ///   that is to be done for the record is done and durable
        void start(Lease lease, ConsumerRecord<byte[], byte[]> record, WhenEnded whenEnded);

        /// Makes deliveries that wait look at their lease again.
        void leasesEnded();

        /// These are no longer ours.
        void givenUp(Collection<Lease> leases);

        /// So many partitions are held from now on.
        void held(int partitions);

        /// How much there is to do, about once a second.
        void counted(List<Lane> lanes);
    }

    /// Hears that a delivery ended.
    interface WhenEnded {
        void ended(boolean settled);
    }

    /// A partition that is held, and what waits in it.
    ///
    /// @param events that are not finished
    /// @param oldestMillis when the first of these was appended that was read
    record Lane(int partition, long events, OptionalLong oldestMillis) {}

    private record Work(Lease lease, ConsumerRecord<byte[], byte[]> record) {
        int bytes() {
            return Math.max(0, record.serializedKeySize())
                    + Math.max(0, record.serializedValueSize());
        }
    }

    private record Ended(Work work, boolean settled) {}

    private final Consumer<byte[], byte[]> consumer;
    private final String topic;
    private final Deliveries deliveries;
    private final Budget budget;
    private final Duration drainTimeout;
    private final Membership membership;
    private final LongSupplier nanoTime;
    private final LinkedBlockingQueue<Ended> ended = new LinkedBlockingQueue<>();
    private final AtomicBoolean sleeping = new AtomicBoolean();
    private volatile boolean stopping;
    private volatile int inFlight;
    private volatile boolean member;
    private volatile long turnedNanos;
    private volatile List<Integer> partitions = List.of();

    // Owned by the thread that runs this.
    private final Leases leases = new Leases();
    private final ArrayDeque<Work> backlog = new ArrayDeque<>();
    private final Commits commits;
    private long lastCountNanos;

    Intake(
            Consumer<byte[], byte[]> consumer,
            String topic,
            Deliveries deliveries,
            Budget budget,
            Duration drainTimeout,
            Membership membership,
            LongSupplier nanoTime) {
        this.consumer = consumer;
        this.topic = topic;
        this.deliveries = deliveries;
        this.budget = budget;
        this.drainTimeout = drainTimeout;
        this.membership = membership;
        this.nanoTime = nanoTime;
        this.commits = new Commits(consumer, leases, membership, nanoTime);
        this.turnedNanos = nanoTime.getAsLong();
        this.lastCountNanos = nanoTime.getAsLong() - BETWEEN_COUNTS.toNanos();
    }

    private void tell(Ended one) {
        ended.add(one);
        wake();
    }

    private void wake() {
        if (sleeping.compareAndSet(true, false)) {
            consumer.wakeup();
        }
    }

    /// Makes [#run()] drain and return. Safe for all threads.
    void stop() {
        stopping = true;
        consumer.wakeup();
    }

    /// Events in delivery. Safe for all threads.
    int inFlight() {
        return inFlight;
    }

    /// Partitions held. Safe for all threads.
    List<Integer> partitions() {
        return partitions;
    }

    /// Whether Kafka counts it among the group, with partitions or without. Safe for all threads.
    boolean isMember() {
        return member;
    }

    /// Since it last looked what there is to do. Safe for all threads.
    Duration sinceLastTurn() {
        return Duration.ofNanos(nanoTime.getAsLong() - turnedNanos);
    }

    @Override
    public void run() {
        try {
            consumer.subscribe(List.of(topic), new Rebalance());
            while (!stopping) {
                step();
            }
            drain();
        } finally {
            end(leases.all());
            consumer.close(CloseOptions.timeout(CLOSE_TIMEOUT));
        }
    }

    private void step() {
        turnedNanos = nanoTime.getAsLong();
        takeEnded();
        commits.whenDue();
        startWhatFits();
        count();
        pauseOrResume();
        poll();
    }

    private void count() {
        long now = nanoTime.getAsLong();
        if (now - lastCountNanos >= BETWEEN_COUNTS.toNanos()) {
            lastCountNanos = now;
            deliveries.counted(leases.all().stream().map(this::lane).toList());
        }
    }

    /// How many are behind those that were read, Kafka's client knows from what it fetched last.
    private Lane lane(Lease lease) {
        var progress = lease.progress();
        long unread = Math.max(0, consumer.currentLag(lease.partition()).orElse(0));
        return new Lane(
                lease.partition().partition(),
                unread + progress.unfinished(),
                progress.oldestMillis());
    }

    private void takeEnded() {
        for (var one = ended.poll(); one != null; one = ended.poll()) {
            take(one);
        }
        inFlight = budget.count();
    }

    /// What is settled under a lease that ended and was given up counts no more, since nobody looks
    /// at its progress. While a lease lasts, nothing that began is forgotten: a delivery that gave
    /// up is begun again.
    private void take(Ended one) {
        var work = one.work();
        var lease = work.lease();
        budget.giveBack(work.bytes());
        lease.deliveryEnded();
        if (one.settled()) {
            lease.complete(work.record().offset());
        } else if (!lease.ended()) {
            backlog.add(work);
        }
    }

    private void startWhatFits() {
        for (var next = backlog.peek(); next != null; next = backlog.peek()) {
            if (!budget.fits(next.bytes())) {
                return;
            }
            start(backlog.remove());
        }
    }

    private void start(Work work) {
        budget.take(work.bytes());
        inFlight = budget.count();
        work.lease().deliveryStarted();
        deliveries.start(work.lease(), work.record(), settled -> tell(new Ended(work, settled)));
    }

    /// Newly assigned partitions are never paused, so this is decided anew each time.
    private void pauseOrResume() {
        if (backlog.isEmpty()) {
            consumer.resume(consumer.paused());
            consumer.pause(leases.notReady());
        } else {
            consumer.pause(consumer.assignment());
        }
    }

    private void poll() {
        var waitsFor = leases.notReady();
        sleeping.set(!backlog.isEmpty() || !waitsFor.isEmpty());
        try {
            if (sleeping.get() && (!ended.isEmpty() || !leases.notReady().equals(waitsFor))) {
                return;
            }
            boolean busy = budget.count() > 0 || leases.movedOn();
            consumer.poll(busy ? Commits.INTERVAL : POLL).forEach(this::admit);
        } catch (WakeupException e) {
            // a delivery ended, or it is time to stop
        } finally {
            sleeping.set(false);
        }
    }

    private void admit(ConsumerRecord<byte[], byte[]> record) {
        var lease = leases.of(new TopicPartition(record.topic(), record.partition()));
        if (lease == null) {
            return;
        }
        if (lease.progress().hasSeen(record.offset())) {
            lease = startOver(lease, record.offset());
        }
        lease.progress().begin(record.offset(), record.timestamp());
        backlog.add(new Work(lease, record));
    }

    /// Offsets went back: the log was cut off or made anew, and what comes now are other records.
    private Lease startOver(Lease lease, long offset) {
        log.atError()
                .addKeyValue("partition", lease.partition())
                .addKeyValue("expected", lease.progress().next())
                .addKeyValue("offset", offset)
                .log(
                        "The events topic lost records that were read; what it has now is delivered from here on");
        end(List.of(lease));
        return leases.begin(lease.successor());
    }

    /// Lets deliveries under way end, commits what is done, and gives the partitions up.
    private void drain() {
        log.atInfo().addKeyValue("inFlight", budget.count()).log("Draining");
        var all = leases.all();
        release(all);
        leases.forget(all);
        deliveries.givenUp(all);
        log.atInfo().addKeyValue("left", budget.count()).log("Drained");
    }

    /// Ends leases in good order: nothing new begins, deliveries under way have the drain time-out
    /// to end, what is done is committed.
    private void release(List<Lease> which) {
        end(which);
        long deadline = nanoTime.getAsLong() + drainTimeout.toNanos();
        awaitEnd(which, deadline);
        int interrupted = which.stream().mapToInt(Lease::interruptDeliveries).sum();
        if (interrupted > 0) {
            log.atWarn()
                    .addKeyValue("deliveries", interrupted)
                    .addKeyValue("after", drainTimeout)
                    .log(
                            "Deliveries broken off; they are tried again by whoever owns their partition next");
            awaitEnd(which, nanoTime.getAsLong() + LAST_WORDS.toNanos());
        }
        commits.now(which);
        which.forEach(Lease::lose);
    }

    private void end(Collection<Lease> which) {
        which.forEach(Lease::end);
        var ending = new HashSet<>(which);
        backlog.removeIf(work -> ending.contains(work.lease()));
        deliveries.leasesEnded();
    }

    private Lease begin(TopicPartition partition) {
        var ready = deliveries.prepare(partition);
        var _ = ready.thenRun(this::wake);
        return leases.begin(new Lease(partition, ready));
    }

    private void awaitEnd(Collection<Lease> which, long deadlineNanos) {
        takeEnded();
        while (which.stream().anyMatch(Lease::busy)) {
            long left = deadlineNanos - nanoTime.getAsLong();
            try {
                var one = left <= 0 ? null : ended.poll(left, TimeUnit.NANOSECONDS);
                if (one == null) {
                    break;
                }
                take(one);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        takeEnded();
    }

    private final class Rebalance implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
            member = true;
            assigned.forEach(Intake.this::begin);
            consumer.pause(leases.notReady());
            deliveries.held(leases.size());
            log.atInfo()
                    .addKeyValue("partitions", assigned)
                    .addKeyValue("held", leases.size())
                    .log("Partitions assigned");
            partitions = leases.partitions();
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
            var which = leases.of(revoked);
            release(which);
            forget(which, "Partitions revoked");
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> lost) {
            member = false;
            var which = leases.of(lost);
            end(which);
            membership.lost();
            which.forEach(Lease::lose);
            which.forEach(Lease::interruptDeliveries);
            forget(which, "Partitions lost");
        }

        private void forget(List<Lease> which, String what) {
            leases.forget(which);
            deliveries.givenUp(which);
            deliveries.held(leases.size());
            log.atInfo()
                    .addKeyValue("partitions", which.stream().map(Lease::partition).toList())
                    .addKeyValue("held", leases.size())
                    .log(what);
            partitions = leases.partitions();
        }
    }
}
