package dev.outmail.worker;

import dev.outmail.delivery.LogEntries;
import dev.outmail.delivery.Outcome;
import dev.outmail.delivery.Undelivered;
import dev.outmail.kafka.Headers;
import dev.outmail.kafka.Topics;
import dev.outmail.wire.Decoded;
import dev.outmail.wire.LogEntry;
import dev.outmail.wire.LogEntryCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes outcomes durable: the mailing log and the dead letters. A call returns when Kafka has
/// acknowledged, however long that takes: an offset must not move on before.
final class OutcomeWriter {
    private static final Logger log = LoggerFactory.getLogger(OutcomeWriter.class);
    private static final Duration BETWEEN_TRIES = Duration.ofSeconds(1);
    private static final int FRAMING_BYTES = 128;
    private static final int FRAMING_BYTES_PER_HEADER = 10;
    private static final String TOO_LARGE_TO_KEEP =
            "; it is too large for a dead letter: the original is where it was, as long as its topic keeps it";

    private final Producer<byte[], byte[]> producer;
    private final Topics topics;
    private final LogEntries entries;
    private final WaitingRoom waitingRoom;
    private final WorkerMeters meters;
    private final int maxRecordBytes;

    /// @param maxRecordBytes what the producer takes at most
    OutcomeWriter(
            Producer<byte[], byte[]> producer,
            Topics topics,
            LogEntries entries,
            WaitingRoom waitingRoom,
            WorkerMeters meters,
            int maxRecordBytes) {
        this.producer = producer;
        this.topics = topics;
        this.entries = entries;
        this.waitingRoom = waitingRoom;
        this.meters = meters;
        this.maxRecordBytes = maxRecordBytes;
    }

    /// Writes down how an attempt ended.
    ///
    /// @param mail as it was before the attempt
    void write(
            Lease lease,
            ConsumerRecord<byte[], byte[]> record,
            Undelivered mail,
            Outcome outcome,
            Instant startedAt,
            Duration took)
            throws LeaseEnded, InterruptedException {
        var entry = entries.entry(mail, outcome, startedAt, took, position(record));
        if (isDeadLetter(outcome)) {
            deadLetter(lease, record, entry);
        }
        log(lease, identity(mail), entry);
        meters.outcome(outcome, Duration.between(mail.acceptedAt(), startedAt.plus(took)));
    }

    /// Writes down that a record is no event.
    void writeMalformed(
            Lease lease,
            ConsumerRecord<byte[], byte[]> record,
            Decoded.Malformed malformed,
            Instant now)
            throws LeaseEnded, InterruptedException {
        var acceptedAt = Instant.ofEpochMilli(record.timestamp());
        var entry = entries.malformed(malformed, acceptedAt, now, position(record));
        deadLetter(lease, record, entry);
        log(lease, record.key(), entry);
        meters.malformed();
    }

    private static boolean isDeadLetter(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Rejected _, Outcome.Expired _, Outcome.HeldInDoubt _ -> true;
            case Outcome.Sent _, Outcome.Silenced _, Outcome.Dropped _ -> false;
            case Outcome.Open _ -> false;
        };
    }

    private static byte[] identity(Undelivered mail) {
        return mail.event().id().toString().getBytes(StandardCharsets.UTF_8);
    }

    private static LogEntry.Position position(ConsumerRecord<byte[], byte[]> record) {
        return new LogEntry.Position(record.topic(), record.partition(), record.offset());
    }

    private void log(Lease lease, byte[] key, LogEntry entry)
            throws LeaseEnded, InterruptedException {
        write(lease, new ProducerRecord<>(topics.log(), key, LogEntryCodec.encode(entry)));
    }

    /// Keeps an event whole, with why it will not be tried again. One that is larger than any event
    /// may be, which a compressed batch can hold, is kept by its place alone.
    private void deadLetter(Lease lease, ConsumerRecord<byte[], byte[]> event, LogEntry why)
            throws LeaseEnded, InterruptedException {
        var letter = new ProducerRecord<>(topics.deadLetters(), event.key(), event.value());
        event.headers().forEach(letter.headers()::add);
        describe(letter, event, why, why.detail());
        for (var recipient : why.recipients()) {
            if (!recipient.verdict().equals("accepted")) {
                header(letter, Headers.UNDELIVERED_RECIPIENT, recipient.address());
            }
        }
        if (size(letter) > maxRecordBytes) {
            letter = new ProducerRecord<>(topics.deadLetters(), null);
            describe(letter, event, why, why.detail() + TOO_LARGE_TO_KEEP);
        }
        write(lease, letter);
    }

    private static void describe(
            ProducerRecord<byte[], byte[]> letter,
            ConsumerRecord<byte[], byte[]> event,
            LogEntry why,
            String detail) {
        header(letter, Headers.REASON, why.reason());
        header(letter, Headers.DETAIL, detail);
        header(letter, Headers.OUTCOME, why.outcome().wireName());
        header(letter, Headers.ATTEMPTS, Integer.toString(why.attempt()));
        header(letter, Headers.REVISION, Long.toString(why.revision()));
        var startedAt = why.at().minus(why.took());
        header(letter, Headers.ACCEPTED_AT, startedAt.minus(why.queuedFor()).toString());
        header(letter, Headers.TOPIC, event.topic());
        header(letter, Headers.PARTITION, Integer.toString(event.partition()));
        header(letter, Headers.OFFSET, Long.toString(event.offset()));
    }

    private static void header(ProducerRecord<byte[], byte[]> letter, String name, String value) {
        letter.headers().add(name, value.getBytes(StandardCharsets.UTF_8));
    }

    /// What the record takes in a batch of its own, a little more rather than less.
    private static long size(ProducerRecord<byte[], byte[]> record) {
        long bytes = FRAMING_BYTES + length(record.key()) + length(record.value());
        for (var header : record.headers()) {
            bytes += FRAMING_BYTES_PER_HEADER + 3L * header.key().length() + length(header.value());
        }
        return bytes;
    }

    private static long length(byte @Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
    }

    /// Returns when Kafka has the record.
    private void write(Lease lease, ProducerRecord<byte[], byte[]> record)
            throws LeaseEnded, InterruptedException {
        while (!isWritten(record)) {
            waitingRoom.await(lease, BETWEEN_TRIES);
        }
    }

    /// An interruption doesn't break it off: a mail may have left, and must not be sent again for
    /// want of a note. Kafka's own delivery time-out bounds it.
    private boolean isWritten(ProducerRecord<byte[], byte[]> record) {
        boolean interrupted = Thread.interrupted();
        try {
            var sent = producer.send(record);
            while (true) {
                try {
                    sent.get();
                    return true;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException | KafkaException e) {
            log.atWarn()
                    .addKeyValue("topic", record.topic())
                    .addKeyValue("cause", e.toString())
                    .log("An outcome can't be written now; its event stays unfinished until it is");
            return false;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
