package dev.outmail.worker;

import dev.outmail.worker.delay.BrokerTime;
import dev.outmail.worker.ledger.LedgerWrite;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes to Kafka until it has acknowledged, however long that takes.
final class OutcomeWrites {
    private static final Logger log = LoggerFactory.getLogger(OutcomeWrites.class);
    private static final Duration BETWEEN_TRIES = Duration.ofSeconds(1);
    private static final int LAST_TRIES = 2;

    private final WaitingRoom waitingRoom;
    private final BrokerTime time;

    /// @param time learns from acknowledgements
    OutcomeWrites(WaitingRoom waitingRoom, BrokerTime time) {
        this.waitingRoom = waitingRoom;
        this.time = time;
    }

    /// Returns when Kafka has the ledger's record.
    ///
    /// @param ledger sends it; called again where that failed
    void note(Lease lease, Supplier<LedgerWrite> ledger) throws LeaseEnded, InterruptedException {
        var tries = new Tries(lease);
        for (var write = ledger.get(); !isAcknowledged(write); write = ledger.get()) {
            tries.awaitNext();
        }
    }

    /// Returns when Kafka has the record.
    void write(Lease lease, Producer<byte[], byte[]> by, ProducerRecord<byte[], byte[]> record)
            throws LeaseEnded, InterruptedException {
        var tries = new Tries(lease);
        while (!isWritten(record, send(by, record))) {
            tries.awaitNext();
        }
    }

    /// What is known is not given up at the first failure because the lease ends or the delivery is
    /// broken off: whoever has the partition next would have to take the mail for one in doubt. A
    /// clock that jumps ends both at a time, what Kafka's client has under way and its membership.
    private final class Tries {
        private final Lease lease;
        private int left = LAST_TRIES;

        Tries(Lease lease) {
            this.lease = lease;
        }

        void awaitNext() throws LeaseEnded, InterruptedException {
            boolean interrupted = Thread.currentThread().isInterrupted();
            if (!interrupted && !lease.ended()) {
                try {
                    waitingRoom.await(lease, BETWEEN_TRIES);
                    return;
                } catch (LeaseEnded e) {
                    // once more, now
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    interrupted = true;
                }
            }
            if (left-- > 0) {
                return;
            }
            if (interrupted) {
                throw new InterruptedException();
            }
            throw new LeaseEnded();
        }
    }

    private Future<RecordMetadata> send(
            Producer<byte[], byte[]> by, ProducerRecord<byte[], byte[]> record) {
        boolean interrupted = Thread.interrupted();
        try {
            return by.send(record, time.acknowledgement());
        } catch (KafkaException e) {
            return CompletableFuture.failedFuture(e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static boolean isWritten(
            ProducerRecord<byte[], byte[]> record, Future<RecordMetadata> sent) {
        try {
            uninterruptibly(sent::get);
            return true;
        } catch (ExecutionException e) {
            log.atWarn()
                    .addKeyValue("topic", record.topic())
                    .addKeyValue("cause", String.valueOf(e.getCause()))
                    .log("An outcome can't be written now; its event stays unfinished until it is");
            return false;
        }
    }

    private static boolean isAcknowledged(LedgerWrite write) {
        try {
            return uninterruptibly(write::await);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private interface Waiting<T> {
        T end() throws InterruptedException, ExecutionException;
    }

    /// An interruption doesn't break it off: a mail may have left, and must not be sent again for
    /// want of a note. Kafka's own delivery time-out bounds it.
    private static <T> T uninterruptibly(Waiting<T> waiting) throws ExecutionException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return waiting.end();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
