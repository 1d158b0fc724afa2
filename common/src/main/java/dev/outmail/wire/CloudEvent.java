package dev.outmail.wire;

import dev.outmail.mail.EventId;
import dev.outmail.mail.InvalidMailEvent;
import dev.outmail.mail.MailEvent;
import dev.outmail.mail.Problem;
import dev.outmail.mail.Problems;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/// What a CloudEvent says of the event that is its data (CloudEvents 1.0.2, its Kafka protocol
/// binding, and the extensions for expiry and distributed tracing). Attributes of which nobody here
/// has a use are passed over, as the specification has it. A plain record says nothing.
final class CloudEvent {
    /// How a record carries an event.
    enum Mode {
        PLAIN,
        /// Attributes in headers, the event's document as the value.
        BINARY,
        /// Attributes and the event's document in one JSON object.
        STRUCTURED,
        /// In a format that nobody here reads.
        FOREIGN
    }

    static final CloudEvent NONE = new CloudEvent(Map.of(), List.of());

    private static final String HEADER_PREFIX = "ce_";
    private static final String CONTENT_TYPE = "content-type";
    private static final String MEDIA_TYPES = "application/cloudevents";
    private static final String VERSION = "1.0";

    /// RFC 3339 sets no limit to the digits of a second.
    private static final Pattern BEYOND_NANOSECONDS = Pattern.compile("(\\.[0-9]{9})[0-9]+");

    private static final Set<String> REQUIRED = Set.of("specversion", "id", "source", "type");
    private static final Set<String> OPTIONAL =
            Set.of("time", "expirytime", "datacontenttype", "traceparent", "tracestate");

    private final Map<String, String> attributes;
    private final List<Problem> problems;

    /// @param problems what is wrong with the attributes
    CloudEvent(Map<String, String> attributes, List<Problem> problems) {
        this.attributes = Map.copyOf(attributes);
        this.problems = List.copyOf(problems);
    }

    /// A record with any of the headers that each CloudEvent must have in binary mode is meant to
    /// be one; what is missing then is a problem.
    static Mode mode(Iterable<Header> headers) {
        var mediaType = mediaType(contentType(headers));
        if (mediaType.startsWith(MEDIA_TYPES)) {
            return mediaType.equals(MEDIA_TYPES + "+json") ? Mode.STRUCTURED : Mode.FOREIGN;
        }
        for (var header : headers) {
            if (isAttribute(header) && REQUIRED.contains(name(header))) {
                return Mode.BINARY;
            }
        }
        return Mode.PLAIN;
    }

    /// Whether a header makes a record a CloudEvent or belongs to one.
    static boolean isHeader(Header header) {
        return isAttribute(header)
                || mediaType(contentType(List.of(header))).startsWith(MEDIA_TYPES);
    }

    /// In binary mode.
    static CloudEvent of(Iterable<Header> headers) {
        var attributes = new HashMap<String, String>();
        for (var header : headers) {
            if (isAttribute(header) && isKnown(name(header)) && header.value() != null) {
                attributes.put(name(header), text(header));
            }
        }
        var contentType = contentType(headers);
        if (!contentType.isEmpty()) {
            attributes.put("datacontenttype", contentType);
        }
        return judged(attributes, new Problems());
    }

    /// Of attributes that were read from JSON, and what was wrong with those.
    static CloudEvent judged(Map<String, String> attributes, Problems problems) {
        version(attributes.get("specversion"), problems);
        for (var name : List.of("id", "source", "type")) {
            if (attributes.getOrDefault(name, "").isEmpty()) {
                problems.add(name, "the CloudEvent has none", "each CloudEvent must have one");
            }
        }
        instant("time", attributes, problems);
        instant("expirytime", attributes, problems);
        var contentType = attributes.getOrDefault("datacontenttype", "application/json");
        if (!mediaType(contentType).matches("[^/]+/(json|[^/]+\\+json)")) {
            problems.add(
                    "datacontenttype",
                    Problem.shown(contentType) + " is no JSON, which the event must be",
                    "write the event as application/json");
        }
        return new CloudEvent(attributes, problems.list());
    }

    private static void version(@Nullable String version, Problems problems) {
        if (version == null) {
            problems.add("specversion", "the CloudEvent has none", "write " + VERSION);
        } else if (!version.equals(VERSION)) {
            problems.add(
                    "specversion",
                    Problem.shown(version) + " is a version of CloudEvents that is not read here",
                    "write a CloudEvent of version " + VERSION);
        }
    }

    private static void instant(String name, Map<String, String> attributes, Problems problems) {
        var written = attributes.get(name);
        if (written != null && parsed(written) == null) {
            problems.add(
                    name,
                    Problem.shown(written) + " is no timestamp",
                    "write it as 2026-11-22T09:00:00Z (RFC 3339)");
        }
    }

    private static @Nullable Instant parsed(String written) {
        try {
            return written.length() <= EventReader.MAX_INSTANT
                    ? Instant.parse(BEYOND_NANOSECONDS.matcher(written).replaceFirst("$1"))
                    : null;
        } catch (DateTimeException e) {
            return null;
        }
    }

    static boolean isKnown(String attribute) {
        return REQUIRED.contains(attribute) || OPTIONAL.contains(attribute);
    }

    /// What is wrong with the attributes; nothing in a plain record.
    List<Problem> problems() {
        return problems;
    }

    @Nullable String id() {
        return attributes.get("id");
    }

    @Nullable String source() {
        return attributes.get("source");
    }

    @Nullable String type() {
        return attributes.get("type");
    }

    @Nullable Instant expiresAt() {
        var written = attributes.get("expirytime");
        return written == null ? null : parsed(written);
    }

    /// The trace that the event belongs to, as headers of W3C Trace Context.
    Map<String, String> trace() {
        var trace = new HashMap<String, String>();
        for (var name : List.of("traceparent", "tracestate")) {
            var value = attributes.get(name);
            if (value != null) {
                trace.put(name, value);
            }
        }
        return trace;
    }

    /// No event, for these things beside what is wrong with the attributes.
    Decoded.Malformed malformed(Problem... more) {
        var all = new Problems();
        problems.forEach(all::add);
        List.of(more).forEach(all::add);
        return new Decoded.Malformed(eventId(), all.list());
    }

    private @Nullable EventId eventId() {
        var id = id();
        var source = source();
        try {
            return id == null
                    ? null
                    : new EventId(source == null ? MailEvent.DEFAULT_SOURCE : source, id);
        } catch (InvalidMailEvent e) {
            return null;
        }
    }

    private static boolean isAttribute(Header header) {
        return header.key().startsWith(HEADER_PREFIX);
    }

    private static String name(Header header) {
        return header.key().substring(HEADER_PREFIX.length());
    }

    /// The last one, as Kafka has it.
    static String contentType(Iterable<Header> headers) {
        var contentType = "";
        for (var header : headers) {
            if (header.key().equalsIgnoreCase(CONTENT_TYPE)) {
                contentType = text(header);
            }
        }
        return contentType;
    }

    private static String text(Header header) {
        return header.value() == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }

    /// Without its parameters.
    private static String mediaType(String contentType) {
        int end = contentType.indexOf(';');
        return (end < 0 ? contentType : contentType.substring(0, end))
                .strip()
                .toLowerCase(Locale.ROOT);
    }
}
