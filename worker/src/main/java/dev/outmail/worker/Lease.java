package dev.outmail.worker;

import dev.outmail.worker.ledger.PartitionLedger;
import dev.outmail.worker.progress.PartitionProgress;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;

/// The ownership of one partition, from its assignment to its end. Deliveries hold on to the lease
/// that they began under; what they finish after its end counts no more, as someone else may be at
/// it by then.
///
/// The progress and the count of deliveries belong to the intake's thread; the rest is safe for
/// all.
final class Lease {
    private final TopicPartition partition;
    private final PartitionProgress progress = new PartitionProgress();
    private final Set<Thread> deliveries = ConcurrentHashMap.newKeySet();
    private final CompletableFuture<PartitionLedger> ledger;
    private int underWay;
    private volatile long endedRecords;
    private volatile boolean ended;
    private volatile boolean lost;

    /// @param ledger of the partition, once it was read back: before, none of its records is taken
    Lease(TopicPartition partition, CompletableFuture<PartitionLedger> ledger) {
        this.partition = partition;
        this.ledger = ledger;
    }

    /// A lease of the same partition, whose records are others from now on.
    Lease successor() {
        return new Lease(partition, ledger);
    }

    TopicPartition partition() {
        return partition;
    }

    PartitionProgress progress() {
        return progress;
    }

    /// Whether records of the partition may be taken.
    boolean isReady() {
        return ledger.isDone();
    }

    /// To be asked for once the lease is ready.
    PartitionLedger ledger() {
        return ledger.join();
    }

    void deliveryStarted() {
        underWay++;
    }

    void deliveryEnded() {
        underWay--;
    }

    /// A record was dealt with.
    @SuppressWarnings("NonAtomicVolatileUpdate") // by the intake's thread alone
    void complete(long offset) {
        progress.complete(offset);
        endedRecords++;
    }

    /// How many records were dealt with.
    long endedRecords() {
        return endedRecords;
    }

    /// Whether deliveries are under way.
    boolean busy() {
        return underWay > 0;
    }

    boolean ended() {
        return ended;
    }

    /// No delivery begins or waits on under this lease from now on.
    void end() {
        ended = true;
    }

    /// Whether the partition may be someone else's. Between the end and this, what is under way may
    /// be brought to its end.
    boolean lost() {
        return lost;
    }

    void lose() {
        ended = true;
        lost = true;
    }

    void entered(Thread delivery) {
        deliveries.add(delivery);
    }

    void left(Thread delivery) {
        deliveries.remove(delivery);
    }

    /// Breaks off what is still under way.
    int interruptDeliveries() {
        int interrupted = 0;
        for (var delivery : deliveries) {
            delivery.interrupt();
            interrupted++;
        }
        return interrupted;
    }
}
