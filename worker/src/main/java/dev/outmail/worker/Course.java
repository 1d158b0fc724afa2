package dev.outmail.worker;

import dev.outmail.delivery.Undelivered;
import dev.outmail.kafka.Headers;
import dev.outmail.kafka.TraceContext;
import dev.outmail.mail.EventId;
import dev.outmail.mail.MailEvent;
import dev.outmail.wire.Decoded;
import dev.outmail.wire.EventCodec;
import dev.outmail.wire.RetryHeader;
import dev.outmail.wire.RetryStateCodec;
import dev.outmail.worker.delay.BrokerTime;
import dev.outmail.worker.ledger.Entry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/// The course of a record: what it is, whether the ledger lets it pass, and then its attempts. It
/// returns when all that is to be done for the record is done and durable.
final class Course {
    private static final Logger log = LoggerFactory.getLogger(Course.class);

    private static final Duration A_MOMENT = Duration.ofMillis(50);

    /// Under this source the ledger has records that are no events, by their places.
    private static final String MALFORMED = "outmail:malformed";

    private final EventCodec codec;
    private final Attempts attempts;
    private final OutcomeWriter outcomes;
    private final WaitingRoom waitingRoom;
    private final OffsetHold offsetHold;
    private final BrokerTime clock;

    Course(
            EventCodec codec,
            Attempts attempts,
            OutcomeWriter outcomes,
            WaitingRoom waitingRoom,
            OffsetHold offsetHold,
            BrokerTime clock) {
        this.codec = codec;
        this.attempts = attempts;
        this.outcomes = outcomes;
        this.waitingRoom = waitingRoom;
        this.offsetHold = offsetHold;
        this.clock = clock;
    }

    void run(Lease lease, ConsumerRecord<byte[], byte[]> record)
            throws LeaseEnded, InterruptedException {
        clock.saw(record);
        switch (codec.decode(record.value(), record.headers())) {
            case Decoded.Ok ok -> correlated(lease, record, ok);
            case Decoded.Malformed malformed -> malformed(lease, record, malformed);
        }
    }

    private void malformed(
            Lease lease, ConsumerRecord<byte[], byte[]> record, Decoded.Malformed malformed)
            throws LeaseEnded, InterruptedException {
        var place = new EventId(MALFORMED, record.partition() + "-" + record.offset());
        switch (enter(lease, record, place, 1)) {
            case Entry.NotYet _ -> throw new LeaseEnded();
            case Entry.Duplicate _, Entry.Unresolved _ -> {}
            case Entry.Go go -> {
                try (var permit = go.permit()) {
                    outcomes.writeMalformed(
                            lease, record, malformed, clock.instant(), () -> permit.settled(1));
                }
            }
        }
    }

    /// Whatever is logged meanwhile names the event, and its trace if it has one.
    private void correlated(Lease lease, ConsumerRecord<byte[], byte[]> record, Decoded.Ok ok)
            throws LeaseEnded, InterruptedException {
        var context = TraceContext.of(record.headers(), ok.trace());
        var trace = Span.fromContext(context).getSpanContext();
        MDC.put("event", ok.event().id().toString());
        if (trace.isValid()) {
            MDC.put("trace", trace.getTraceId());
        }
        try {
            event(lease, record, ok.event(), context);
        } finally {
            MDC.remove("event");
            MDC.remove("trace");
        }
    }

    private void event(
            Lease lease, ConsumerRecord<byte[], byte[]> record, MailEvent event, Context trace)
            throws LeaseEnded, InterruptedException {
        var appendedAt = Instant.ofEpochMilli(record.timestamp());
        var header = RetryStateCodec.decode(header(record, Headers.RETRY), appendedAt);
        var mail = Undelivered.of(event, header, appendedAt);
        var hold = offsetHold.begin(lease);
        awaitDue(lease, header);
        switch (enter(lease, record, event.id(), mail.attempts() + 1)) {
            case Entry.NotYet _ -> throw new LeaseEnded();
            case Entry.Duplicate duplicate -> {
                if (!duplicate.sameRecord()) {
                    outcomes.writeDuplicate(lease, record, mail, trace, clock.instant());
                }
            }
            case Entry.Go go -> {
                try (var permit = go.permit()) {
                    attempts.run(new Attempts.Task(lease, record, mail, trace, permit, hold));
                }
            }
            case Entry.Unresolved unresolved -> {
                try (var permit = unresolved.permit()) {
                    attempts.resolve(
                            new Attempts.Task(lease, record, mail, trace, permit, hold),
                            unresolved.startedAt(),
                            unresolved.settled());
                }
            }
        }
    }

    /// Asks the ledger, again where the attempt before this one is being brought to its end here.
    private Entry enter(Lease lease, ConsumerRecord<byte[], byte[]> record, EventId id, int attempt)
            throws LeaseEnded, InterruptedException {
        var entry = lease.ledger().enter(id, attempt, record.offset());
        while (entry instanceof Entry.NotYet) {
            waitingRoom.await(lease, A_MOMENT);
            entry = lease.ledger().enter(id, attempt, record.offset());
        }
        return entry;
    }

    /// What comes back from a delay topic is due, or within moments.
    private void awaitDue(Lease lease, RetryHeader header) throws LeaseEnded, InterruptedException {
        switch (header) {
            case RetryHeader.None _ -> {}
            case RetryHeader.Invalid invalid ->
                    log.atWarn()
                            .addKeyValue("partition", lease.partition())
                            .addKeyValue("problem", invalid.problem())
                            .log("A retry header is no good; its event is taken for a new one");
            case RetryHeader.Present present -> {
                var due = present.state().due();
                var wait = due == null ? Duration.ZERO : Duration.between(clock.instant(), due);
                if (wait.isPositive() && wait.compareTo(Attempts.SHORT) <= 0) {
                    waitingRoom.await(lease, wait);
                }
            }
        }
    }

    static byte @Nullable [] header(ConsumerRecord<byte[], byte[]> record, String name) {
        var header = record.headers().lastHeader(name);
        return header == null ? null : header.value();
    }
}
