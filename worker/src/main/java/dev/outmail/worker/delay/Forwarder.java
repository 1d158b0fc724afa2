package dev.outmail.worker.delay;

import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes records to where they go next, and hears of each whether it arrived. Owned by the line's
/// thread; the producer answers through a queue.
final class Forwarder {
    private static final Logger log = LoggerFactory.getLogger(Forwarder.class);

    /// What is due so soon is not put off once more.
    private static final Duration AT_ONCE = Duration.ofSeconds(1);

    private static final Duration AFTER_TROUBLE = Duration.ofSeconds(1);
    private static final int SUSPICIOUSLY_OFTEN = 5;

    /// @param failure null where Kafka has the record
    private record Answer(
            Waiting one, long sentNanos, RecordMetadata place, @Nullable Exception failure) {}

    private final Producer<byte[], byte[]> producer;
    private final Delays delays;
    private final BrokerTime time;
    private final LongSupplier nanoTime;
    private final LinkedBlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
    private int underWay;
    private boolean inTrouble;
    private boolean pausing;
    private long pausedNanos;

    Forwarder(
            Producer<byte[], byte[]> producer,
            Delays delays,
            BrokerTime time,
            LongSupplier nanoTime) {
        this.producer = producer;
        this.delays = delays;
        this.time = time;
        this.nanoTime = nanoTime;
    }

    /// Whether a record may be sent now. As long as no broker said what time it is, our clock may
    /// be wrong: one record goes ahead and finds out.
    boolean isReady() {
        if (pausing && nanoTime.getAsLong() - pausedNanos < AFTER_TROUBLE.toNanos()) {
            return false;
        }
        pausing = false;
        return time.confirmed() || underWay == 0;
    }

    /// Records that were sent and not answered.
    int underWay() {
        return underWay;
    }

    /// Sends a record on, whose answer comes by the callback; false when Kafka can't take it now.
    @SuppressWarnings("FutureReturnValueIgnored")
    boolean send(Waiting one) {
        try {
            var record = next(one);
            long sentNanos = nanoTime.getAsLong();
            producer.send(
                    record,
                    (place, failure) -> answers.add(new Answer(one, sentNanos, place, failure)));
        } catch (KafkaException e) {
            pausing = true;
            pausedNanos = nanoTime.getAsLong();
            failed(one, e);
            return false;
        }
        one.home().sent();
        underWay++;
        return true;
    }

    private ProducerRecord<byte[], byte[]> next(Waiting one) {
        var due = one.due();
        if (due != null) {
            var left = Duration.between(time.instant(), due);
            if (left.compareTo(AT_ONCE) > 0) {
                return delays.onward(one.record(), left);
            }
        }
        return delays.back(one.record(), one.eventsPartition());
    }

    /// Takes what the producer answered.
    ///
    /// @param arrived called with each record that Kafka has
    /// @param failed called with each that it has not
    void takeAnswers(Consumer<Waiting> arrived, Consumer<Waiting> failed) {
        for (var answer = answers.poll(); answer != null; answer = answers.poll()) {
            take(answer, arrived, failed);
        }
    }

    /// As above, and waits for one answer if there is none.
    ///
    /// @return whether there was one in time
    boolean awaitAnswer(long nanos, Consumer<Waiting> arrived, Consumer<Waiting> failed) {
        try {
            var answer = answers.poll(Math.max(0, nanos), TimeUnit.NANOSECONDS);
            if (answer == null) {
                return false;
            }
            take(answer, arrived, failed);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void take(Answer answer, Consumer<Waiting> arrived, Consumer<Waiting> failed) {
        underWay--;
        answer.one().home().answered();
        if (answer.failure() != null) {
            failed(answer.one(), answer.failure());
            failed.accept(answer.one());
            return;
        }
        time.appended(answer.place().timestamp(), answer.sentNanos());
        inTrouble = false;
        arrived.accept(answer.one());
    }

    /// Says when trouble begins; and of a record that seems to have trouble of its own, that it
    /// has.
    private void failed(Waiting one, Exception failure) {
        if (!inTrouble || one.failures() == SUSPICIOUSLY_OFTEN) {
            log.atWarn()
                    .addKeyValue("partition", one.home().partition())
                    .addKeyValue("offset", one.record().offset())
                    .addKeyValue("times", one.failures() + 1)
                    .addKeyValue("cause", failure.toString())
                    .log("What waited can't be written now; it stays where it is until it can");
        }
        inTrouble = true;
    }
}
