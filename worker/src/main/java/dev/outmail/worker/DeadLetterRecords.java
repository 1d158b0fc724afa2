package dev.outmail.worker;

import dev.outmail.kafka.Headers;
import dev.outmail.wire.LogEntry;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/// Makes dead letters of events: their own bytes, key and headers, and headers that say why.
///
/// @param topic where they go
/// @param maxRecordBytes what the producer takes at most
record DeadLetterRecords(String topic, int maxRecordBytes) {
    private static final int FRAMING_BYTES = 128;
    private static final int FRAMING_BYTES_PER_HEADER = 10;
    private static final String TOO_LARGE_TO_KEEP =
            "; it is too large for a dead letter: the original is where it was, as long as its topic keeps it";

    /// Keeps an event whole, with why it will not be tried again. One that is larger than any event
    /// may be, which a compressed batch can hold, is kept by its place alone.
    ///
    /// @param nextAttempt the number of the attempt that a replay is
    ProducerRecord<byte[], byte[]> letter(
            ConsumerRecord<byte[], byte[]> event, LogEntry why, int nextAttempt) {
        var letter = new ProducerRecord<>(topic, event.key(), event.value());
        event.headers().forEach(letter.headers()::add);
        describe(letter, event, why, why.detail());
        header(letter, Headers.NEXT_ATTEMPT, Integer.toString(nextAttempt));
        for (var recipient : why.recipients()) {
            if (!recipient.verdict().equals("accepted")) {
                header(letter, Headers.UNDELIVERED_RECIPIENT, recipient.address());
            }
        }
        if (size(letter) > maxRecordBytes) {
            letter = new ProducerRecord<>(topic, null);
            describe(letter, event, why, why.detail() + TOO_LARGE_TO_KEEP);
        }
        return letter;
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
}
