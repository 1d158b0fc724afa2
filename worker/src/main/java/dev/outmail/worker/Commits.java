package dev.outmail.worker;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Commits what is done; and, that nothing be done for partitions that others have, what was
/// committed before, again and again: what Kafka accepts proves that this worker is still a member.
/// Owned by the intake's thread.
final class Commits {
    static final Duration INTERVAL = Duration.ofMillis(100);

    private static final Logger log = LoggerFactory.getLogger(Commits.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final Consumer<byte[], byte[]> consumer;
    private final Leases leases;
    private final Membership membership;
    private final LongSupplier nanoTime;
    private long lastNanos;

    Commits(
            Consumer<byte[], byte[]> consumer,
            Leases leases,
            Membership membership,
            LongSupplier nanoTime) {
        this.consumer = consumer;
        this.leases = leases;
        this.membership = membership;
        this.nanoTime = nanoTime;
        this.lastNanos = nanoTime.getAsLong() - membership.renewal().toNanos();
    }

    void whenDue() {
        long sinceLast = nanoTime.getAsLong() - lastNanos;
        if (sinceLast >= membership.renewal().toNanos()) {
            commit(Leases.positions(leases.all()));
        } else if (sinceLast >= INTERVAL.toNanos()) {
            commit(Leases.committable(leases.all()));
        }
    }

    private void commit(Map<TopicPartition, OffsetAndMetadata> offsets) {
        if (offsets.isEmpty()) {
            return;
        }
        long sentAt = nanoTime.getAsLong();
        lastNanos = sentAt;
        consumer.commitAsync(
                offsets,
                (committed, failure) -> {
                    if (failure == null) {
                        accepted(committed, sentAt);
                    } else {
                        log.atDebug()
                                .setCause(failure)
                                .log("Commit failed; the next one covers it");
                    }
                });
    }

    private void accepted(Map<TopicPartition, OffsetAndMetadata> committed, long sentAt) {
        leases.committed(committed);
        membership.proven(sentAt);
    }

    /// Commits what is done for these, which are about to be given up.
    void now(Collection<Lease> which) {
        var offsets = Leases.committable(which);
        if (offsets.isEmpty()) {
            return;
        }
        try {
            long sentAt = nanoTime.getAsLong();
            commitSync(offsets);
            accepted(offsets, sentAt);
        } catch (KafkaException e) {
            log.atWarn()
                    .addKeyValue("partitions", offsets.keySet())
                    .addKeyValue("cause", e.toString())
                    .log("The last offsets were not committed; what they cover comes again");
        }
    }

    /// A wakeup that is pending aborts a commit, and is used up by that.
    private void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets) {
        while (true) {
            try {
                consumer.commitSync(offsets, TIMEOUT);
                return;
            } catch (WakeupException e) {
                // again
            }
        }
    }
}
