package dev.outmail.worker;

import dev.outmail.worker.progress.PartitionProgress;
import java.util.Set;
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
    private int underWay;
    private volatile boolean ended;

    Lease(TopicPartition partition) {
        this.partition = partition;
    }

    TopicPartition partition() {
        return partition;
    }

    PartitionProgress progress() {
        return progress;
    }

    void deliveryStarted() {
        underWay++;
    }

    void deliveryEnded() {
        underWay--;
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
