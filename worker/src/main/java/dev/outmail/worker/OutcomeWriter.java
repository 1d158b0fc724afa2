package dev.outmail.worker;

import dev.outmail.delivery.LogEntries;
import dev.outmail.delivery.Outcome;
import dev.outmail.delivery.Undelivered;
import dev.outmail.kafka.TraceContext;
import dev.outmail.wire.Decoded;
import dev.outmail.wire.LogEntry;
import dev.outmail.wire.LogRecords;
import dev.outmail.worker.delay.BrokerTime;
import dev.outmail.worker.ledger.LedgerWrite;
import dev.outmail.worker.ledger.Permit;
import io.opentelemetry.context.Context;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/// Makes outcomes durable: the mailing log and the dead letters. A call returns when Kafka has
/// acknowledged, however long that takes: an offset must not move on before.
final class OutcomeWriter {
    private final Producer<byte[], byte[]> producer;
    private final Producer<byte[], byte[]> eventProducer;
    private final LogRecords logRecords;
    private final DeadLetterRecords deadLetters;
    private final LogEntries entries;
    private final WorkerMeters meters;
    private final Traces traces;
    private final OutcomeWrites writes;

    /// @param producer for the log
    /// @param eventProducer for whole events, which are large: where Kafka does not take them, the
    ///   log's and the ledger's records don't stand behind them
    /// @param time learns from acknowledgements
    OutcomeWriter(
            Producer<byte[], byte[]> producer,
            Producer<byte[], byte[]> eventProducer,
            LogRecords logRecords,
            DeadLetterRecords deadLetters,
            LogEntries entries,
            WaitingRoom waitingRoom,
            WorkerMeters meters,
            Traces traces,
            BrokerTime time) {
        this.producer = producer;
        this.eventProducer = eventProducer;
        this.logRecords = logRecords;
        this.deadLetters = deadLetters;
        this.entries = entries;
        this.meters = meters;
        this.traces = traces;
        this.writes = new OutcomeWrites(waitingRoom, time);
    }

    /// How one attempt at a record ended.
    ///
    /// @param task as it was before the attempt
    record Ended(Attempts.Task task, Outcome outcome, Instant startedAt, Duration took) {
        Lease lease() {
            return task.lease();
        }

        ConsumerRecord<byte[], byte[]> record() {
            return task.record();
        }

        Undelivered mail() {
            return task.mail();
        }

        /// The number of the attempt that the record was for.
        int attempt() {
            return task.attempt();
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
            var letter = deadLetters.letter(ended.record(), entry, nextAttempt(ended));
            writes.write(ended.lease(), eventProducer, letter);
            meters.deadLetter(ended.mail().event().profile());
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
        writes.write(ended.lease(), eventProducer, delayed);
        if (ledger != null) {
            meters.retry(ended.mail().event().profile());
        }
        if (news && ledger != null) {
            logAndNote(ended, entry(ended), ledger);
        } else if (news) {
            logged(ended);
        } else if (ledger != null) {
            writes.note(ended.lease(), ledger);
        }
    }

    /// Writes an outcome down after which the event waits where it is.
    void logged(Ended ended) throws LeaseEnded, InterruptedException {
        var span = traces.begin(ended);
        writes.write(ended.lease(), producer, logRecord(span, entry(ended)));
        count(span);
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
        var span = traces.begin(ended);
        writes.write(ended.lease(), producer, logRecord(span, entry));
        writes.note(ended.lease(), ledger);
        count(span);
    }

    private void count(Traces.Spanned span) {
        meters.ended(span.ended());
        span.end();
    }

    /// Writes down that another record of the same event was dealt with.
    void writeDuplicate(
            Lease lease,
            ConsumerRecord<byte[], byte[]> record,
            Undelivered mail,
            Context trace,
            Instant now)
            throws LeaseEnded, InterruptedException {
        var entry = entries.duplicate(mail, now, position(record));
        writes.write(lease, producer, carriedOn(trace, logRecords.of(identity(mail), entry)));
        meters.duplicate(mail.event().profile());
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
        writes.write(lease, eventProducer, deadLetters.letter(record, entry, 1));
        meters.deadLetter(null);
        var trace = TraceContext.of(record.headers());
        writes.write(lease, producer, carriedOn(trace, logRecords.of(record.key(), entry)));
        writes.note(lease, ledger);
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

    /// The trace goes on as it is, where nothing was attempted.
    private static ProducerRecord<byte[], byte[]> carriedOn(
            Context trace, ProducerRecord<byte[], byte[]> entry) {
        TraceContext.put(trace, entry.headers());
        return entry;
    }

    private ProducerRecord<byte[], byte[]> logRecord(Traces.Spanned span, LogEntry entry) {
        var record = logRecords.of(identity(span.ended().mail()), entry);
        span.continueIn(record.headers());
        return record;
    }
}
