package dev.outmail.deadletters;

import dev.outmail.kafka.Headers;
import dev.outmail.wire.EventCodec;
import dev.outmail.wire.LogEntry;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/// The records on the dead letters topic: letters, and what was done about them.
///
/// A letter's headers begin with those of the event, which its publisher chose and which may look
/// like ours. Ours begin with the last [Headers#REASON]; a resolution has none.
final class LetterRecords {
    private final EventCodec codec;

    LetterRecords(EventCodec codec) {
        this.codec = codec;
    }

    /// What a record is.
    sealed interface Found {
        record Letter(DeadLetter letter) implements Found {}

        record Resolved(LetterPosition letter, Resolution resolution) implements Found {}
    }

    /// A record that is neither is shown as a letter without a reason, so that nothing is hidden.
    Found read(ConsumerRecord<byte[], byte[]> record) {
        var headers = List.of(record.headers().toArray());
        int ours = lastIndexOf(headers, Headers.REASON);
        if (ours < 0) {
            var resolved = resolved(record);
            if (resolved.isPresent()) {
                return resolved.get();
            }
            ours = headers.size();
        }
        var theEvents = headers.subList(0, ours);
        return new Found.Letter(
                new DeadLetter(
                        record,
                        theEvents,
                        why(headers.subList(ours, headers.size())),
                        codec.decode(record.value(), theEvents)));
    }

    private static int lastIndexOf(List<Header> headers, String name) {
        for (int i = headers.size() - 1; i >= 0; i--) {
            if (headers.get(i).key().equals(name)) {
                return i;
            }
        }
        return -1;
    }

    private static Why why(List<Header> ours) {
        return new Why(
                text(ours, Headers.OUTCOME),
                text(ours, Headers.REASON),
                text(ours, Headers.DETAIL),
                count(ours, Headers.ATTEMPTS),
                count(ours, Headers.NEXT_ATTEMPT),
                number(ours, Headers.REVISION).orElse(0L),
                time(ours, Headers.ACCEPTED_AT),
                origin(ours),
                ours.stream()
                        .filter(header -> header.key().equals(Headers.UNDELIVERED_RECIPIENT))
                        .map(LetterRecords::text)
                        .toList());
    }

    private static LogEntry.@Nullable Position origin(List<Header> ours) {
        var topic = text(ours, Headers.TOPIC);
        var partition = number(ours, Headers.PARTITION);
        var offset = number(ours, Headers.OFFSET);
        boolean isPlace =
                !topic.isEmpty()
                        && partition.isPresent()
                        && partition.get() <= Integer.MAX_VALUE
                        && offset.isPresent();
        return isPlace
                ? new LogEntry.Position(topic, partition.get().intValue(), offset.get())
                : null;
    }

    private static Optional<Found> resolved(ConsumerRecord<byte[], byte[]> record) {
        var headers = List.of(record.headers().toArray());
        var kind = Resolution.Kind.of(text(headers, Headers.RESOLUTION));
        var letter = record.key() == null ? null : letter(record.key());
        if (kind.isEmpty() || letter == null || !isBefore(letter, record)) {
            return Optional.empty();
        }
        var to = text(headers, Headers.COPIED_TO);
        return Optional.of(
                new Found.Resolved(
                        letter,
                        new Resolution(
                                kind.get(),
                                text(headers, Headers.RESOLVED_BY),
                                text(headers, Headers.RESOLVED_WHY),
                                to.isEmpty() ? null : to,
                                Instant.ofEpochMilli(record.timestamp()))));
    }

    private static @Nullable LetterPosition letter(byte[] key) {
        return LetterPosition.parse(new String(key, StandardCharsets.UTF_8)).orElse(null);
    }

    private static boolean isBefore(LetterPosition letter, ConsumerRecord<byte[], byte[]> record) {
        return letter.partition() == record.partition() && letter.offset() < record.offset();
    }

    /// The record that says what was done: beside the letter, behind it.
    static ProducerRecord<byte[], byte[]> resolution(
            String topic,
            LetterPosition letter,
            Resolution.Kind kind,
            String by,
            String why,
            @Nullable String to) {
        var record =
                new ProducerRecord<byte[], byte[]>(
                        topic, letter.partition(), utf8(letter.toString()), null);
        record.headers().add(Headers.RESOLUTION, utf8(kind.wireName()));
        record.headers().add(Headers.RESOLVED_BY, utf8(by));
        record.headers().add(Headers.RESOLVED_WHY, utf8(why));
        if (to != null) {
            record.headers().add(Headers.COPIED_TO, utf8(to));
        }
        return record;
    }

    private static String text(List<Header> headers, String name) {
        int index = lastIndexOf(headers, name);
        return index < 0 ? "" : text(headers.get(index));
    }

    private static String text(Header header) {
        return header.value() == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }

    /// A whole number from 0, as a worker writes it.
    private static Optional<Long> number(List<Header> headers, String name) {
        var text = text(headers, name);
        return text.matches("[0-9]{1,18}") ? Optional.of(Long.valueOf(text)) : Optional.empty();
    }

    private static int count(List<Header> headers, String name) {
        return (int) Math.min(number(headers, name).orElse(0L), Integer.MAX_VALUE);
    }

    private static @Nullable Instant time(List<Header> headers, String name) {
        try {
            return Instant.parse(text(headers, name));
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
