package dev.outmail.worker.delay;

import dev.outmail.kafka.DelayTier;
import dev.outmail.worker.progress.PartitionProgress;
import org.apache.kafka.common.TopicPartition;

/// A partition of a delay topic while the line holds it. Owned by the line's thread.
final class DelayPartition {
    private final TopicPartition partition;
    private final DelayTier tier;
    private final PartitionProgress progress = new PartitionProgress();
    private long headMillis = Long.MIN_VALUE;
    private int held;
    private int underWay;
    private boolean ended;

    DelayPartition(TopicPartition partition, DelayTier tier) {
        this.partition = partition;
        this.tier = tier;
    }

    TopicPartition partition() {
        return partition;
    }

    DelayTier tier() {
        return tier;
    }

    PartitionProgress progress() {
        return progress;
    }

    /// Nothing here is due before this moment: the partition rests until shortly before it.
    void restFor(long millis) {
        headMillis = millis;
    }

    /// When the record is due that the partition rests for.
    long headMillis() {
        return headMillis;
    }

    void hold() {
        held++;
    }

    void letGo() {
        held--;
    }

    /// Records of it that are in memory.
    int held() {
        return held;
    }

    /// Whether nothing of it is in memory.
    boolean isEmpty() {
        return held == 0;
    }

    void sent() {
        underWay++;
    }

    void answered() {
        underWay--;
    }

    /// Whether records of it were sent of which it is not known whether they arrived.
    boolean busy() {
        return underWay > 0;
    }

    boolean ended() {
        return ended;
    }

    void end() {
        ended = true;
    }
}
