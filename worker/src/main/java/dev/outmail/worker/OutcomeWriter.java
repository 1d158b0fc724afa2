package dev.outmail.worker;

import dev.outmail.delivery.LogEntries;
import dev.outmail.delivery.Outcome;
import dev.outmail.delivery.Undelivered;
import dev.outmail.kafka.Headers;
import dev.outmail.kafka.Topics;
import dev.outmail.wire.Decoded;
import dev.outmail.wire.LogEntry;
import dev.outmail.wire.LogEntryCodec;
import dev.outmail.worker.delay.BrokerTime;
import dev.outmail.worker.ledger.LedgerWrite;
import dev.outmail.worker.ledger.Permit;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
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
    private final Producer<byte[], byte[]> eventProducer;
    private final Topics topics;
    private final LogEntries entries;
    private final WaitingRoom waitingRoom;
    private final WorkerMeters meters;
    private final int maxRecordBytes;
    private final BrokerTime time;

    /// @param producer for the log
    /// @param eventProducer for whole events, which are large: where Kafka does not take them, the
    ///   log's and the ledger's records don't stand behind them
    /// @param maxRecordBytes what the producers take at most
    /// @param time learns from acknowledgements
    OutcomeWriter(
            Producer<byte[], byte[]> producer,
            Producer<byte[], byte[]> eventProducer,
            Topics topics,
            LogEntries entries,
            WaitingRoom waitingRoom,
            WorkerMeters meters,
            int maxRecordBytes,
            BrokerTime time) {
        this.producer = producer;
        this.eventProducer = eventProducer;
        this.topics = topics;
        this.entries = entries;
        this.waitingRoom = waitingRoom;
        this.meters = meters;
        this.maxRecordBytes = maxRecordBytes;
        this.time = time;
    }

    /// How one attempt at a record ended.
    ///
    /// @param mail as it was before the attempt
    record Ended(
            Lease lease,
            ConsumerRecord<byte[], byte[]> record,
            Undelivered mail,
            Outcome outcome,
            Instant startedAt,
            Duration took) {
        /// The number of the attempt that the record was for.
        int attempt() {
            return mail.attempts() + 1;
        }
    }

    /// Writes down that nothing more will be done: the dead letter, if it is one, then log and
    /// ledger.
    ///
    /// @param ledger writes the state to the ledger; called again where that failed
    void writeFinal(Ended ended, Supplier<LedgerWrite> ledger)
            throws LeaseEnded, InterruptedException {
        var entry = entry(ended);
        if (isDeadLetter(ended.outcome())) {
            deadLetter(ended.lease(), ended.record(), entry, nextAttempt(ended));
        }
        logAndNote(ended, entry, ledger);
    }

    /// Puts an event off: where it waits, then log and ledger.
    ///
    /// @param delayed the record by which it comes back
    /// @param news whether it belongs in the log
    void putOff(
            Ended ended,
            ProducerRecord<byte[], byte[]> delayed,
            boolean news,
            @Nullable Supplier<LedgerWrite> ledger)
            throws LeaseEnded, InterruptedException {
        write(ended.lease(), eventProducer, delayed);
        if (news && ledger != null) {
            logAndNote(ended, entry(ended), ledger);
        } else if (news) {
            logged(ended);
        } else if (ledger != null) {
            note(ended.lease(), ledger, ledger.get());
        }
    }

    /// Writes an outcome down after which the event waits where it is.
    void logged(Ended ended) throws LeaseEnded, InterruptedException {
        write(ended.lease(), logRecord(identity(ended.mail()), entry(ended)));
        count(ended);
    }

    private LogEntry entry(Ended ended) {
        return entries.entry(
                ended.mail(),
                ended.outcome(),
                ended.startedAt(),
                ended.took(),
                position(ended.record()));
    }

    /// The log first: what the ledger has as settled is not looked at again, so an entry that is
    /// missing then would be missing for good. A crash in between leaves the mail in doubt.
    private void logAndNote(Ended ended, LogEntry entry, Supplier<LedgerWrite> ledger)
            throws LeaseEnded, InterruptedException {
        write(ended.lease(), logRecord(identity(ended.mail()), entry));
        note(ended.lease(), ledger, ledger.get());
        count(ended);
    }

    private void count(Ended ended) {
        var end = ended.startedAt().plus(ended.took());
        meters.outcome(ended.outcome(), Duration.between(ended.mail().acceptedAt(), end));
    }

    private void note(Lease lease, Supplier<LedgerWrite> ledger, LedgerWrite first)
            throws LeaseEnded, InterruptedException {
        for (var write = first; !isAcknowledged(write); write = ledger.get()) {
            waitingRoom.await(lease, BETWEEN_TRIES);
        }
    }

    /// Writes down that another record of the same event was dealt with.
    void writeDuplicate(
            Lease lease, ConsumerRecord<byte[], byte[]> record, Undelivered mail, Instant now)
            throws LeaseEnded, InterruptedException {
        write(lease, logRecord(identity(mail), entries.duplicate(mail, now, position(record))));
        meters.duplicate();
    }

    /// Writes down that a record is no event.
    void writeMalformed(
            Lease lease,
            ConsumerRecord<byte[], byte[]> record,
            Decoded.Malformed malformed,
            Instant now,
            Supplier<LedgerWrite> ledger)
            throws LeaseEnded, InterruptedException {
        var acceptedAt = Instant.ofEpochMilli(record.timestamp());
        var entry = entries.malformed(malformed, acceptedAt, now, position(record));
        deadLetter(lease, record, entry, 1);
        write(lease, logRecord(record.key(), entry));
        note(lease, ledger, ledger.get());
        meters.malformed();
    }

    private static int nextAttempt(Ended ended) {
        return ended.attempt()
                + (ended.outcome() instanceof Outcome.HeldInDoubt ? Permit.AFTER_HELD : 1);
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

    private ProducerRecord<byte[], byte[]> logRecord(byte @Nullable [] key, LogEntry entry) {
        return new ProducerRecord<>(topics.log(), key, LogEntryCodec.encode(entry));
    }

    /// Keeps an event whole, with why it will not be tried again. One that is larger than any event
    /// may be, which a compressed batch can hold, is kept by its place alone.
    private void deadLetter(
            Lease lease, ConsumerRecord<byte[], byte[]> event, LogEntry why, int nextAttempt)
            throws LeaseEnded, InterruptedException {
        var letter = new ProducerRecord<>(topics.deadLetters(), event.key(), event.value());
        event.headers().forEach(letter.headers()::add);
        describe(letter, event, why, why.detail());
        header(letter, Headers.NEXT_ATTEMPT, Integer.toString(nextAttempt));
        for (var recipient : why.recipients()) {
            if (!recipient.verdict().equals("accepted")) {
                header(letter, Headers.UNDELIVERED_RECIPIENT, recipient.address());
            }
        }
        if (size(letter) > maxRecordBytes) {
            letter = new ProducerRecord<>(topics.deadLetters(), null);
            describe(letter, event, why, why.detail() + TOO_LARGE_TO_KEEP);
        }
        write(lease, eventProducer, letter);
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

    private void write(Lease lease, ProducerRecord<byte[], byte[]> record)
            throws LeaseEnded, InterruptedException {
        write(lease, producer, record);
    }

    /// Returns when Kafka has the record.
    private void write(
            Lease lease, Producer<byte[], byte[]> by, ProducerRecord<byte[], byte[]> record)
            throws LeaseEnded, InterruptedException {
        while (!isWritten(record, send(by, record))) {
            waitingRoom.await(lease, BETWEEN_TRIES);
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
