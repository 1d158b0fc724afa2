package dev.outmail.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.testkit.Await;
import dev.outmail.worker.ledger.PartitionLedger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(30)
class IntakeTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration DRAIN = Duration.ofSeconds(9);

    private final FakeConsumer consumer = new FakeConsumer("events");
    private final Hand hand = new Hand();
    private final Membership membership = new Membership(Duration.ofSeconds(10), System::nanoTime);
    private Intake intake = intake(new Budget(1_000, 1_000_000), DRAIN);
    private CompletableFuture<Void> running = new CompletableFuture<>();

    /// Deliveries that end by hand.
    private static final class Hand implements Intake.Deliveries {
        record Begun(
                Lease lease, ConsumerRecord<byte[], byte[]> record, Intake.WhenEnded whenEnded) {
            void end(boolean settled) {
                whenEnded.ended(settled);
            }
        }

        private final List<Begun> begun = new CopyOnWriteArrayList<>();
        private final List<TopicPartition> givenUp = new CopyOnWriteArrayList<>();
        private volatile CompletableFuture<PartitionLedger> ledger = noLedger();
        private volatile int held;
        private volatile List<Intake.Lane> lanes = List.of();

        /// None of these deliveries asks it.
        @SuppressWarnings("NullAway")
        static CompletableFuture<PartitionLedger> noLedger() {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletableFuture<PartitionLedger> prepare(TopicPartition partition) {
            return ledger;
        }

        @Override
        public void givenUp(Collection<Lease> leases) {
            leases.forEach(lease -> givenUp.add(lease.partition()));
        }

        @Override
        public void held(int partitions) {
            held = partitions;
        }

        @Override
        public void start(
                Lease lease, ConsumerRecord<byte[], byte[]> record, Intake.WhenEnded whenEnded) {
            begun.add(new Begun(lease, record, whenEnded));
        }

        @Override
        public void leasesEnded() {}

        @Override
        public void counted(List<Intake.Lane> counted) {
            lanes = counted;
        }

        /// The last delivery of a record, once it began.
        Begun of(int partition, long offset) {
            return Await.value(
                    PATIENCE,
                    () ->
                            begun.reversed().stream()
                                    .filter(b ->
                                            b.record().partition() == partition
                                                    && b.record().offset() == offset)
                                    .findFirst(),
                    () -> "delivery of " + partition + "@" + offset + " began; " + offsets());
        }

        void settle(int partition, long... offsets) {
            LongStream.of(offsets).forEach(offset -> of(partition, offset).end(true));
        }

        List<Long> offsets() {
            return begun.stream().map(b -> b.record().offset()).toList();
        }
    }

    @AfterEach
    void stopWhatRuns() {
        hand.begun.forEach(begun -> begun.lease().end());
        intake.stop();
        if (running.isDone()) {
            return;
        }
        hand.begun.forEach(begun -> begun.end(false));
        awaitStopped();
    }

    @Test
    void whateverOrderRecordsEndInTheOffsetsBeforeAnUnfinishedOneAreCommitted() {
        runWithPartitions(0);
        consumer.deliver(0, 0, 1, 2, 3, 4);

        hand.settle(0, 1, 2);
        hand.settle(0, 0);

        awaitCommitted(0, 3);
        assertThat(consumer.offsetsCommittedOf(0)).isSubsetOf(0L, 1L, 3L);
        hand.settle(0, 4, 3);
        awaitCommitted(0, 5);
    }

    @Test
    void noRecordIsStartedBeforeItsPartitionsLedgerWasRead() {
        var ledger = new CompletableFuture<PartitionLedger>();
        hand.ledger = ledger;
        runWithPartitions(0);
        Await.until(
                PATIENCE,
                () -> consumer.paused().contains(consumer.partition(0)),
                "the partition is paused");
        consumer.deliver(0, 0, 1);
        assertThat(hand.begun).isEmpty();

        ledger.completeAsync(() -> Hand.noLedger().join());

        hand.settle(0, 0, 1);
        awaitCommitted(0, 2);
    }

    @Test
    void whatWaitsInAPartitionIsCounted() {
        intake = intake(new Budget(2, 1_000_000), DRAIN);
        runWithPartitions(0);

        consumer.deliver(0, 0, 1, 2);

        awaitLane(new Intake.Lane(0, 3, OptionalLong.of(0)));
        hand.settle(0, 0, 1, 2);
        awaitLane(new Intake.Lane(0, 0, OptionalLong.empty()));
    }

    private void awaitLane(Intake.Lane lane) {
        Await.until(
                PATIENCE,
                () -> hand.lanes.equals(List.of(lane)),
                () -> lane + "; there is " + hand.lanes);
    }

    @Test
    void commitsProveThatItStillIsAMemberAlsoWhileNothingIsDone() {
        runWithPartitions(0);
        assertThat(membership.isSure()).isFalse();

        consumer.deliver(0, 0);
        hand.of(0, 0);

        Await.until(PATIENCE, membership::isSure, "membership is proven");
        assertThat(consumer.offsetsCommittedOf(0)).containsOnly(0L);
        hand.settle(0, 0);
    }

    @Test
    void partitionsThatAreGivenUpOrHeldAreTold() {
        runWithPartitions(0, 1);
        assertThat(hand.held).isEqualTo(2);

        consumer.assignAtNextPoll(1);

        Await.until(
                PATIENCE,
                () -> hand.givenUp.contains(consumer.partition(0)) && hand.held == 1,
                "partition 0 is given up");
    }

    @Test
    void noMoreBeginThanTheBudgetTakesAndPollingGoesOnPaused() {
        intake = intake(new Budget(2, 1_000_000), DRAIN);
        runWithPartitions(0);

        consumer.deliver(0, 0, 1, 2, 3, 4);
        hand.of(0, 1);
        Await.until(
                PATIENCE,
                () -> consumer.paused().contains(consumer.partition(0)),
                "the partition is paused");

        assertThat(hand.offsets()).containsExactly(0L, 1L);
        hand.settle(0, 1);
        hand.of(0, 2);
        assertThat(hand.offsets()).containsExactly(0L, 1L, 2L);
        assertThat(intake.inFlight()).isLessThanOrEqualTo(2);
        hand.settle(0, 0, 2, 3, 4);
        awaitCommitted(0, 5);
        Await.until(PATIENCE, () -> consumer.paused().isEmpty(), "the partition is resumed");
    }

    @Test
    void partitionsThatComeWhileTheBudgetIsUsedUpArePausedToo() {
        intake = intake(new Budget(1, 1_000_000), DRAIN);
        runWithPartitions(0);
        consumer.deliver(0, 0, 1);
        hand.of(0, 0);

        consumer.assignAtNextPoll(0, 1);

        Await.until(
                PATIENCE,
                () -> consumer.paused().contains(consumer.partition(1)),
                "the new partition is paused");
    }

    @Test
    void theBudgetCountsBytesAndAnEventLargerThanAllOfItGoesAlone() {
        intake = intake(new Budget(1_000, 100), DRAIN);
        runWithPartitions(0);

        consumer.deliverOfSize(0, 0, 60);
        consumer.deliverOfSize(0, 1, 60);
        consumer.deliverOfSize(0, 2, 5_000);
        consumer.deliverOfSize(0, 3, 10);
        hand.of(0, 0);
        Await.until(PATIENCE, () -> !consumer.paused().isEmpty(), "paused");

        assertThat(hand.offsets()).containsExactly(0L);
        hand.settle(0, 0);
        hand.settle(0, 1);
        hand.of(0, 2);
        assertThat(hand.offsets()).containsExactly(0L, 1L, 2L);
        hand.settle(0, 2, 3);
        awaitCommitted(0, 4);
    }

    @Test
    void aRevocationWaitsForWhatIsUnderWayAndCommitsIt() {
        runWithPartitions(0, 1);
        consumer.deliver(0, 0, 1);
        consumer.deliver(1, 0);
        hand.of(0, 1);
        hand.of(1, 0);

        consumer.assignAtNextPoll(1);
        Await.until(PATIENCE, () -> hand.of(0, 0).lease().ended(), "the lease ends");
        hand.settle(0, 0, 1);

        Await.until(PATIENCE, () -> intake.partitions().size() == 1, "the partition is given up");
        assertThat(consumer.commits())
                .contains(new FakeConsumer.Commit(consumer.partition(0), 2, true));
        assertThat(hand.of(1, 0).lease().ended()).isFalse();
        hand.settle(1, 0);
        awaitCommitted(1, 1);
    }

    @Test
    void whatDidNotBeginBeforeARevocationNeverDoes() {
        intake = intake(new Budget(1, 1_000_000), DRAIN);
        runWithPartitions(0, 1);
        consumer.deliver(0, 0, 1, 2);
        hand.of(0, 0);

        consumer.assignAtNextPoll(1);
        Await.until(PATIENCE, () -> hand.of(0, 0).lease().ended(), "the lease ends");
        hand.settle(0, 0);
        consumer.deliver(1, 0);
        hand.settle(1, 0);

        awaitCommitted(1, 1);
        assertThat(hand.begun).hasSize(2);
        assertThat(consumer.offsetsCommittedOf(0)).endsWith(1L);
    }

    @Test
    void afterTheDrainTimeoutDeliveriesAreBrokenOffAndTheirRecordsNotCommitted() {
        intake = intake(new Budget(1_000, 1_000_000), Duration.ofMillis(50));
        runWithPartitions(0, 1);
        consumer.deliver(0, 0, 1);
        hand.settle(0, 0);
        var interrupted = hang(hand.of(0, 1), false);

        consumer.assignAtNextPoll(1);

        Await.until(PATIENCE, () -> intake.partitions().size() == 1, "the partition is given up");
        assertThat(interrupted).isCompletedWithValue(true);
        assertThat(consumer.offsetsCommittedOf(0)).endsWith(1L);
    }

    /// As a delivery does that is broken off after the dot: it says how far it got.
    @Test
    void whatABrokenOffDeliveryStillSettlesIsCommitted() {
        intake = intake(new Budget(1_000, 1_000_000), Duration.ofMillis(50));
        runWithPartitions(0, 1);
        consumer.deliver(0, 0);
        var interrupted = hang(hand.of(0, 0), true);

        consumer.assignAtNextPoll(1);

        Await.until(PATIENCE, () -> intake.partitions().size() == 1, "the partition is given up");
        assertThat(interrupted).isCompletedWithValue(true);
        assertThat(consumer.offsetsCommittedOf(0)).endsWith(1L);
    }

    @Test
    void lostPartitionsAreNotCommittedAndTheirDeliveriesBrokenOff() {
        runWithPartitions(0, 1);
        consumer.deliver(0, 0);
        consumer.deliver(1, 0);
        var interrupted = hang(hand.of(0, 0), true);

        consumer.loseAtNextPoll(0);
        Await.until(PATIENCE, () -> intake.partitions().size() == 1, "the partition is lost");
        assertThat(interrupted.join()).isTrue();
        hand.settle(1, 0);

        awaitCommitted(1, 1);
        assertThat(consumer.offsetsCommittedOf(0)).doesNotContain(1L);
    }

    @Test
    void whatEndsAfterItsLeaseCountsNoMoreEvenIfThePartitionCameBack() {
        runWithPartitions(0);
        consumer.deliver(0, 0);
        var late = hand.of(0, 0);
        consumer.loseAtNextPoll(0);
        Await.until(PATIENCE, () -> intake.partitions().size() == 0, "the partition is lost");

        consumer.assignAtNextPoll(0);
        consumer.deliver(0, 0, 1);
        hand.of(0, 1);
        late.end(true);
        hand.settle(0, 1);
        Await.until(PATIENCE, () -> intake.inFlight() == 1, "two of three ended");

        assertThat(consumer.offsetsCommittedOf(0)).isSubsetOf(0L);
        hand.settle(0, 0);
        awaitCommitted(0, 2);
    }

    @Test
    void aDeliveryThatGivesUpUnderALeaseThatLastsIsBegunAgain() {
        runWithPartitions(0);
        consumer.deliver(0, 0);

        hand.of(0, 0).end(false);
        Await.until(PATIENCE, () -> hand.begun.size() == 2, "it is begun again");
        hand.settle(0, 0);

        awaitCommitted(0, 1);
    }

    @Test
    void offsetsThatGoBackAreRecordsThatNobodyReadBefore() {
        runWithPartitions(0);
        consumer.deliver(0, 5, 6);
        hand.settle(0, 5);
        var cutOff = hand.of(0, 6);
        awaitCommitted(0, 6);

        consumer.seekAtNextPoll(0, 3);
        consumer.deliver(0, 3, 4, 5);
        hand.settle(0, 3, 4);

        awaitCommitted(0, 5);
        assertThat(cutOff.lease().ended()).isTrue();
        cutOff.end(true);
        hand.settle(0, 5);
        Await.until(
                PATIENCE,
                () -> consumer.offsetsCommittedOf(0).reversed().getFirst() == 6,
                "the last of them is committed");
    }

    @Test
    void aCommitThatFailsIsMadeAgain() {
        runWithPartitions(0);
        consumer.failNextCommits(3);

        consumer.deliver(0, 0);
        hand.settle(0, 0);

        awaitCommitted(0, 1);
    }

    @Test
    void stoppingDrainsAndCommitsAndCloses() {
        runWithPartitions(0);
        consumer.deliver(0, 0, 1, 2);
        hand.settle(0, 0);
        var second = hand.of(0, 1);
        hand.of(0, 2);

        intake.stop();
        Await.until(PATIENCE, () -> second.lease().ended(), "it drains");
        assertThat(running).isNotDone();
        hand.settle(0, 1);
        hand.of(0, 2).end(false);
        awaitStopped();

        assertThat(consumer.offsetsCommittedOf(0)).endsWith(2L);
        assertThat(consumer.closed()).isTrue();
    }

    @Test
    void wakeupsThatArePendingDoNotLoseTheLastCommit() {
        runWithPartitions(0);
        consumer.deliver(0, 0);
        hand.of(0, 0);

        consumer.wakeNextCommits(2);
        intake.stop();
        hand.settle(0, 0);
        awaitStopped();

        assertThat(consumer.commits())
                .contains(new FakeConsumer.Commit(consumer.partition(0), 1, true));
    }

    @Test
    void aLastCommitThatFailsDoesNotKeepItFromStopping() {
        runWithPartitions(0);
        consumer.deliver(0, 0);
        hand.of(0, 0);

        consumer.failNextCommits(1_000);
        intake.stop();
        hand.settle(0, 0);
        awaitStopped();

        assertThat(consumer.closed()).isTrue();
    }

    static LongStream seeds() {
        return new Random().longs(5);
    }

    /// Records of three partitions end in random order, and now and then one gives up.
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void inWhateverOrderThingsHappenNothingUnfinishedIsPassed(long seed) {
        var random = new Random(seed);
        intake = intake(new Budget(20, 1_000_000), DRAIN);
        runWithPartitions(0, 1, 2);
        for (int partition = 0; partition < 3; partition++) {
            consumer.deliver(partition, LongStream.range(0, 100).toArray());
        }
        var underWay = new ArrayList<Hand.Begun>();
        var settled = new HashSet<List<Long>>();

        for (int seen = 0; settled.size() < 300; ) {
            assertThat(Thread.currentThread().isInterrupted()).as("time is up").isFalse();
            while (seen < hand.begun.size()) {
                underWay.add(hand.begun.get(seen++));
            }
            assertThat(underWay).hasSizeLessThanOrEqualTo(20);
            if (!underWay.isEmpty()) {
                var ending = underWay.remove(random.nextInt(underWay.size()));
                boolean settles = random.nextInt(10) > 0;
                if (settles) {
                    settled.add(place(ending.record().partition(), ending.record().offset()));
                }
                ending.end(settles);
            }
            for (var commit : consumer.commits()) {
                assertThat(settled)
                        .containsAll(
                                LongStream.range(0, commit.offset())
                                        .mapToObj(o -> place(commit.partition().partition(), o))
                                        .toList());
            }
        }

        for (int partition = 0; partition < 3; partition++) {
            awaitCommitted(partition, 100);
            assertThat(consumer.offsetsCommittedOf(partition)).isSorted();
        }
    }

    private static List<Long> place(int partition, long offset) {
        return List.of((long) partition, offset);
    }

    private Intake intake(Budget budget, Duration drain) {
        return new Intake(consumer, "events", hand, budget, drain, membership, System::nanoTime);
    }

    private void runWithPartitions(Integer... partitions) {
        consumer.assignAtNextPoll(partitions);
        running = new CompletableFuture<>();
        Thread.ofPlatform()
                .name("intake")
                .start(() -> {
                    try {
                        intake.run();
                        running.complete(null);
                    } catch (RuntimeException | Error e) {
                        running.completeExceptionally(e);
                    }
                });
        Await.until(
                PATIENCE,
                () -> running.isDone() || intake.partitions().size() == partitions.length,
                "partitions are assigned");
    }

    private void awaitStopped() {
        Await.until(PATIENCE, running::isDone, "the intake ended");
        running.join();
    }

    private void awaitCommitted(int partition, long offset) {
        Await.until(
                PATIENCE,
                () -> {
                    if (running.isCompletedExceptionally()) {
                        running.join();
                    }
                    return consumer.offsetsCommittedOf(partition).contains(offset);
                },
                () -> offset + " is committed of " + partition + "; " + consumer.commits());
    }

    /// A delivery that goes on until it is broken off.
    ///
    /// @param settles whether it then still says that all is done
    private static CompletableFuture<Boolean> hang(Hand.Begun delivery, boolean settles) {
        var interrupted = new CompletableFuture<Boolean>();
        var thread =
                Thread.ofVirtual()
                        .unstarted(() -> {
                            interrupted.complete(awaitInterruption());
                            delivery.lease().left(Thread.currentThread());
                            delivery.end(settles);
                        });
        delivery.lease().entered(thread);
        thread.start();
        return interrupted;
    }

    private static boolean awaitInterruption() {
        try {
            return new CompletableFuture<Boolean>().get();
        } catch (InterruptedException e) {
            return true;
        } catch (ExecutionException e) {
            throw new AssertionError(e);
        }
    }
}
