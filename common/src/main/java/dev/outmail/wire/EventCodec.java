package dev.outmail.wire;

import dev.outmail.mail.EventLimits;
import dev.outmail.mail.InvalidMailEvent;
import dev.outmail.mail.MailEvent;
import dev.outmail.mail.Problem;
import dev.outmail.mail.Problems;
import java.io.ByteArrayOutputStream;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// Events as JSON in UTF-8, version 1 of the public contract. Used by many threads at once.
public final class EventCodec {
    private static final int TYPICAL_BYTES = 1_024;
    private static final Problem NO_VALUE =
            new Problem("event", "the record has no value", "publish one JSON object in UTF-8");

    private final EventLimits limits;
    private final JsonMapper mapper;

    public EventCodec(EventLimits limits) {
        this.limits = limits;
        this.mapper = Json.mapper(limits.maxBytes());
    }

    /// The event as [#decode] takes it.
    ///
    /// @throws InvalidMailEvent if it has too many recipients or is too large
    public byte[] encode(MailEvent event) {
        var problems = new Problems();
        long large = largeParts(event.content());
        limits.checkRecipients(event, problems);
        limits.checkBytes(large, problems);
        throwIfAny(problems);
        var bytes = new ByteArrayOutputStream((int) large + TYPICAL_BYTES);
        try (var out = mapper.createGenerator(bytes)) {
            new EventWriter(out).write(event);
        }
        limits.checkBytes(bytes.size(), problems);
        throwIfAny(problems);
        return bytes.toByteArray();
    }

    /// The event itself, if it could be published.
    ///
    /// @throws InvalidMailEvent if it has too many recipients or is too large
    public MailEvent checked(MailEvent event) {
        var unused = encode(event);
        return event;
    }

    /// What a document says that is one event, plain.
    public Decoded decode(byte @Nullable [] value) {
        return decode(value, List.of());
    }

    /// What a record says: an event, plain or as a CloudEvent. It never throws, whatever the bytes
    /// are; memory and time are bounded by the limits.
    public Decoded decode(byte @Nullable [] value, Iterable<Header> headers) {
        try {
            return switch (CloudEvent.mode(headers)) {
                case PLAIN -> event(value, CloudEvent.NONE);
                case BINARY -> event(value, CloudEvent.of(headers));
                case STRUCTURED -> structured(value);
                case FOREIGN ->
                        CloudEvent.NONE.malformed(
                                new Problem(
                                        "event",
                                        Problem.shown(CloudEvent.contentType(headers))
                                                + " is a format that is not read here",
                                        "publish one CloudEvent a record, as application/cloudevents+json"));
            };
        } catch (RuntimeException | StackOverflowError e) {
            // A fault of ours. The event would meet it again at every attempt, so it must not be
            // retried; as a dead letter it is kept whole.
            return CloudEvent.NONE.malformed(
                    new Problem(
                            "event",
                            "it could not be read: " + e,
                            "report this as a fault of Outmail, with the event"));
        }
    }

    private Decoded event(byte @Nullable [] document, CloudEvent cloudEvent) {
        if (document == null) {
            return cloudEvent.malformed(NO_VALUE);
        }
        Problem unreadable = unreadable(document);
        if (unreadable != null) {
            return cloudEvent.malformed(unreadable);
        }
        try (var parser = mapper.createParser(document)) {
            return new EventReader(document, parser, cloudEvent).read(limits);
        }
    }

    private Decoded structured(byte @Nullable [] value) {
        if (value == null || unreadable(value) != null) {
            return event(value, CloudEvent.NONE); // which says why not
        }
        try (var parser = mapper.createParser(value)) {
            var reader = new CloudEventReader(value, parser);
            var cloudEvent = reader.read();
            byte[] data = reader.data();
            return data == null ? cloudEvent.malformed() : event(data, cloudEvent);
        }
    }

    /// The JSON of the event itself, for those who look for little of it: the value, or what it
    /// carries as a CloudEvent in structured mode. It may be no event.
    public byte[] document(byte[] value, Iterable<Header> headers) {
        if (CloudEvent.mode(headers) != CloudEvent.Mode.STRUCTURED || unreadable(value) != null) {
            return value;
        }
        try (var parser = mapper.createParser(value)) {
            var reader = new CloudEventReader(value, parser);
            var unused = reader.read();
            byte[] data = reader.data();
            return data == null ? value : data;
        }
    }

    /// Whether a header makes its record a CloudEvent, or would.
    public static boolean isOfCloudEvents(Header header) {
        return CloudEvent.isHeader(header);
    }

    /// What keeps a document from being read at all, or null.
    private @Nullable Problem unreadable(byte[] value) {
        if (value.length == 0) {
            return NO_VALUE;
        }
        if (value.length > limits.maxBytes()) {
            var problems = new Problems();
            limits.checkBytes(value.length, problems);
            return problems.list().getFirst();
        }
        if (value.length > 2
                && value[0] == (byte) 0xef
                && value[1] == (byte) 0xbb
                && value[2] == (byte) 0xbf) {
            return new Problem("event", "it starts with a byte order mark", "write it without one");
        }
        // what the parser would take for UTF-16 or UTF-32
        if (value[0] == 0 || (value.length > 1 && value[1] == 0)) {
            return new Problem("event", "it is not in UTF-8", "write it in UTF-8");
        }
        int flaw = Utf8.firstFlaw(value);
        return flaw < 0
                ? null
                : new Problem("event", "it is not UTF-8 at byte " + flaw, "write it in UTF-8");
    }

    private static void throwIfAny(Problems problems) {
        if (!problems.isEmpty()) {
            throw new InvalidMailEvent(problems.list());
        }
    }

    /// The least bytes that what is large in most large events takes.
    private static long largeParts(MailEvent.Content content) {
        return switch (content) {
            case MailEvent.Finished finished -> EncodedSize.of(finished.message().bytes());
            case MailEvent.Written written -> {
                long bytes = 0;
                for (var attachment : written.attachments()) {
                    bytes += (attachment.content().length + 2L) / 3 * 4;
                }
                yield bytes;
            }
        };
    }
}
