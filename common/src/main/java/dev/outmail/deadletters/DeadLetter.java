package dev.outmail.deadletters;

import dev.outmail.mail.EventId;
import dev.outmail.wire.Decoded;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/// A dead letter, whole: an event's record as it was, and why it will not be tried again. The bytes
/// are shared, not copied: nobody changes them.
public final class DeadLetter {
    private final ConsumerRecord<byte[], byte[]> record;
    private final List<Header> headers;
    private final Why why;
    private final Decoded content;

    DeadLetter(
            ConsumerRecord<byte[], byte[]> record, List<Header> headers, Why why, Decoded content) {
        this.record = record;
        this.headers = List.copyOf(headers);
        this.why = why;
        this.content = content;
    }

    public LetterPosition position() {
        return new LetterPosition(record.partition(), record.offset());
    }

    /// When it became a dead letter.
    public Instant at() {
        return Instant.ofEpochMilli(record.timestamp());
    }

    public byte @Nullable [] key() {
        return record.key();
    }

    /// Null where the event had none, or was too large to be kept.
    public byte @Nullable [] value() {
        return record.value();
    }

    /// Those that the event's record had, without what a dead letter adds.
    public List<Header> headers() {
        return headers;
    }

    public Why why() {
        return why;
    }

    /// What the event is by today's rules, whatever it was taken for then.
    public Decoded content() {
        return content;
    }

    /// Which event, as far as that can be read.
    public Optional<EventId> event() {
        return switch (content) {
            case Decoded.Ok ok -> Optional.of(ok.event().id());
            case Decoded.Malformed malformed -> Optional.ofNullable(malformed.id());
        };
    }

    Summary summary() {
        return new Summary(
                position(),
                at(),
                why,
                event().orElse(null),
                content instanceof Decoded.Ok ok ? ok.event().profile() : null,
                record.value() == null ? 0 : record.value().length);
    }

    /// What a list needs of a letter; it doesn't hold on to the bytes.
    ///
    /// @param event null where it can't be read
    /// @param profile null where it can't be read
    /// @param bytes how many the event has
    public record Summary(
            LetterPosition position,
            Instant at,
            Why why,
            @Nullable EventId event,
            @Nullable String profile,
            int bytes) {}
}
