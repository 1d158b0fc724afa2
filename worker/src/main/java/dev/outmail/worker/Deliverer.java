package dev.outmail.worker;

import dev.outmail.worker.ledger.Ledgers;
import dev.outmail.worker.ledger.PartitionLedger;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Delivers records, each in a virtual thread of its own, and sees to it that a failure of our own
/// neither loses one nor stops others.
final class Deliverer implements Intake.Deliveries {
    private static final Logger log = LoggerFactory.getLogger(Deliverer.class);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(10);

    private final Course course;
    private final Ledgers ledgers;
    private final WaitingRoom waitingRoom;
    private final Lanes lanes;
    private final WorkerMeters meters;
    private final IntConsumer held;

    /// @param held hears how many partitions are held
    Deliverer(
            Course course,
            Ledgers ledgers,
            WaitingRoom waitingRoom,
            Lanes lanes,
            WorkerMeters meters,
            IntConsumer held) {
        this.course = course;
        this.ledgers = ledgers;
        this.waitingRoom = waitingRoom;
        this.lanes = lanes;
        this.meters = meters;
        this.held = held;
    }

    @Override
    public CompletableFuture<PartitionLedger> prepare(TopicPartition partition) {
        var restore = meters.ledgerRestore();
        var ledger = ledgers.open(partition.partition());
        var _ = ledger.thenRun(restore);
        return ledger;
    }

    @Override
    public void givenUp(Collection<Lease> leases) {
        leases.forEach(lease -> ledgers.close(lease.partition().partition()));
    }

    @Override
    public void held(int partitions) {
        held.accept(partitions);
    }

    @Override
    public void counted(List<Intake.Lane> now) {
        lanes.counted(now);
    }

    @Override
    public void start(
            Lease lease, ConsumerRecord<byte[], byte[]> record, Intake.WhenEnded whenEnded) {
        Thread.ofVirtual()
                .name("delivery-" + record.partition() + "-" + record.offset())
                .start(() -> run(lease, record, whenEnded));
    }

    @Override
    public void leasesEnded() {
        waitingRoom.leasesEnded();
    }

    private void run(
            Lease lease, ConsumerRecord<byte[], byte[]> record, Intake.WhenEnded whenEnded) {
        boolean settled = false;
        lease.entered(Thread.currentThread());
        try {
            deliverWhateverHappens(lease, record);
            settled = true;
        } catch (LeaseEnded | InterruptedException e) {
            log.atDebug().addKeyValue("offset", record.offset()).log("Delivery abandoned");
        } finally {
            lease.left(Thread.currentThread());
            whenEnded.ended(settled);
        }
    }

    /// What failed is tried again.
    private void deliverWhateverHappens(Lease lease, ConsumerRecord<byte[], byte[]> record)
            throws LeaseEnded, InterruptedException {
        while (!lease.ended()) {
            try {
                course.run(lease, record);
                return;
            } catch (RuntimeException | Error e) {
                log.atError()
                        .addKeyValue("partition", lease.partition())
                        .addKeyValue("offset", record.offset())
                        .setCause(e)
                        .log(
                                "A delivery failed for a reason of our own and is tried again; please report this");
            }
            waitingRoom.await(lease, AFTER_FAILURE);
        }
        throw new LeaseEnded();
    }
}
