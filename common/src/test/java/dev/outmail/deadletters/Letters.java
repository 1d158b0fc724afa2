package dev.outmail.deadletters;

import dev.outmail.kafka.Headers;
import dev.outmail.mail.EventLimits;
import dev.outmail.mail.MailEvent;
import dev.outmail.mail.MailEventBuilder;
import dev.outmail.wire.EventCodec;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/// Dead letters as a worker writes them.
final class Letters {
    static final Instant AT = Instant.parse("2026-01-15T12:00:00Z");
    static final Instant ACCEPTED_AT = Instant.parse("2026-01-15T11:00:00.123Z");
    static final EventCodec CODEC = new EventCodec(EventLimits.DEFAULT);

    private final RecordHeaders headers = new RecordHeaders();
    private byte @Nullable [] value = CODEC.encode(mail().build());
    private int partition = 3;
    private int next;

    static MailEventBuilder mail() {
        return MailEvent.builder()
                .source("/app")
                .id("1")
                .to("ada@example.org")
                .cc("bob@example.org")
                .subject("Hello")
                .text("Hello Ada");
    }

    static Letters letter() {
        return new Letters();
    }

    /// A header of the publisher's, before those of the worker.
    Letters with(String name, String value) {
        headers.add(name, utf8(value));
        return this;
    }

    Letters of(byte @Nullable [] value) {
        this.value = value;
        return this;
    }

    Letters of(MailEventBuilder mail) {
        return of(CODEC.encode(mail.build()));
    }

    Letters from(int partition) {
        this.partition = partition;
        return this;
    }

    /// The worker names the attempt of a replay.
    Letters next(int attempt) {
        next = attempt;
        return this;
    }

    /// What the worker adds.
    DeadLetter ended(String outcome, String reason, int attempts, String... undelivered) {
        with(Headers.REASON, reason);
        with(Headers.DETAIL, "550 no such user");
        with(Headers.OUTCOME, outcome);
        with(Headers.ATTEMPTS, Integer.toString(attempts));
        if (next > 0) {
            with(Headers.NEXT_ATTEMPT, Integer.toString(next));
        }
        with(Headers.REVISION, "7");
        with(Headers.ACCEPTED_AT, ACCEPTED_AT.toString());
        with(Headers.TOPIC, "outmail.events");
        with(Headers.PARTITION, Integer.toString(partition));
        with(Headers.OFFSET, "41");
        for (var recipient : undelivered) {
            with(Headers.UNDELIVERED_RECIPIENT, recipient);
        }
        return switch (new LetterRecords(CODEC).read(record())) {
            case LetterRecords.Found.Letter letter -> letter.letter();
            case LetterRecords.Found.Resolved resolved -> throw new AssertionError(resolved);
        };
    }

    ConsumerRecord<byte[], byte[]> record() {
        return record(utf8("the key"), value, headers);
    }

    static ConsumerRecord<byte[], byte[]> record(
            byte @Nullable [] key, byte @Nullable [] value, RecordHeaders headers) {
        return new ConsumerRecord<>(
                "outmail.dead-letters",
                5,
                17,
                AT.toEpochMilli(),
                TimestampType.LOG_APPEND_TIME,
                -1,
                -1,
                key,
                value,
                headers,
                Optional.empty());
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
