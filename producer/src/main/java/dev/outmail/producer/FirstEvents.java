package dev.outmail.producer;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.clients.producer.ProducerRecord;

/// Events that were published before their topic was found, which takes a program that has just
/// started longer than a caller may be kept waiting. They leave in their order once it was; until
/// then each ends in time like all others.
final class FirstEvents {
    private final int maxBytes;
    private final BiConsumer<Publication, ProducerRecord<byte[], byte[]>> send;
    private final Queue<Waiting> waiting = new ArrayDeque<>();
    private int bytes;

    /// All waiting ones have left, and the next goes by itself.
    private volatile boolean found;

    private record Waiting(Publication publication, ProducerRecord<byte[], byte[]> record) {
        int bytes() {
            return record.key().length + record.value().length;
        }
    }

    /// @param maxBytes of keys and values that wait
    FirstEvents(int maxBytes, BiConsumer<Publication, ProducerRecord<byte[], byte[]>> send) {
        this.maxBytes = maxBytes;
        this.send = send;
    }

    void publish(Publication publication, ProducerRecord<byte[], byte[]> record) {
        if (found || !waits(new Waiting(publication, record))) {
            send.accept(publication, record);
        }
    }

    private synchronized boolean waits(Waiting one) {
        if (found) {
            return false;
        }
        forgetEnded();
        if (one.bytes() > maxBytes - bytes) {
            one.publication()
                    .fail(
                            new BufferExhaustedException(
                                    "Kafka was not found yet, and too much waits for it"));
        } else {
            bytes += one.bytes();
            waiting.add(one);
        }
        return true;
    }

    /// The first to come are the first whose time is over.
    private void forgetEnded() {
        for (var first = waiting.peek();
                first != null && first.publication().isDone();
                first = waiting.peek()) {
            bytes -= first.bytes();
            waiting.poll();
        }
    }

    /// Has an event end that still waits: whoever sent it is told that it failed, and should not
    /// see it leave later.
    synchronized void withdraw(Publication publication, Exception why) {
        if (!publication.isHandedOver()) {
            publication.fail(why);
        }
    }

    /// Lets them go: the topic was found, or to write to it is what tells why not.
    void release() {
        while (!found) {
            releaseOne();
        }
    }

    /// One at a time, so that others get in between where sending takes its time.
    private synchronized void releaseOne() {
        var one = waiting.poll();
        if (one == null) {
            found = true;
            return;
        }
        bytes -= one.bytes();
        if (!one.publication().isDone()) {
            send.accept(one.publication(), one.record());
        }
    }
}
