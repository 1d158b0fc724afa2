package dev.outmail.wire;

import java.io.ByteArrayOutputStream;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A log entry as the value of a record on the mailing log.
public final class LogEntryCodec {
    private static final JsonMapper JSON = Json.mapper(16 << 20);

    /// Well below the megabyte that topics take unless told otherwise: an entry that a topic never
    /// takes would keep its event unfinished for ever.
    static final int MAX_BYTES = 512 << 10;

    private static final int TYPICAL_BYTES = 1_024;
    private static final int RECIPIENTS_OF_A_LARGE_ENTRY = 1_000;

    private LogEntryCodec() {}

    /// The bytes of a record's value, at most 512 KiB. Where an entry is larger, `leftOut` says
    /// what is missing: the metadata, which its event has; and if that is not enough, what was said
    /// of each recipient, and the recipients after the first thousand.
    public static byte[] encode(LogEntry entry) {
        var bytes = written(entry, entry.recipients(), entry.metadata(), null);
        if (bytes.length > MAX_BYTES) {
            bytes = written(entry, entry.recipients(), Map.of(), "metadata");
        }
        if (bytes.length > MAX_BYTES) {
            var recipients = shortened(entry.recipients());
            bytes = written(entry, recipients, Map.of(), "metadata, recipients");
        }
        return bytes;
    }

    private static List<LogEntry.Recipient> shortened(List<LogEntry.Recipient> recipients) {
        return recipients.stream()
                .limit(RECIPIENTS_OF_A_LARGE_ENTRY)
                .map(r -> new LogEntry.Recipient(r.address(), r.verdict(), r.reason(), ""))
                .toList();
    }

    private static byte[] written(
            LogEntry entry,
            List<LogEntry.Recipient> recipients,
            Map<String, @Nullable Object> metadata,
            @Nullable String leftOut) {
        var bytes = new ByteArrayOutputStream(TYPICAL_BYTES);
        try (var out = JSON.createGenerator(bytes)) {
            out.writeStartObject();
            event(out, entry.event());
            attempt(out, entry);
            recipients(out, recipients);
            out.writeStringProperty("messageId", entry.messageId());
            out.writeStringProperty("queuedFor", entry.queuedFor().toString());
            out.writeStringProperty("took", entry.took().toString());
            if (!metadata.isEmpty()) {
                out.writePOJOProperty("metadata", metadata);
            }
            position(out, entry.record());
            if (leftOut != null) {
                out.writeStringProperty("leftOut", leftOut);
            }
            out.writeEndObject();
        }
        return bytes.toByteArray();
    }

    private static void event(JsonGenerator out, LogEntry.@Nullable Event event) {
        if (event != null) {
            out.writeObjectPropertyStart("event");
            out.writeStringProperty("source", event.source());
            out.writeStringProperty("id", event.id());
            out.writeStringProperty("type", event.type());
            out.writeEndObject();
        }
    }

    private static void attempt(JsonGenerator out, LogEntry entry) {
        out.writeStringProperty("at", entry.at().toString());
        out.writeStringProperty("outcome", entry.outcome().wireName());
        out.writeStringProperty("reason", entry.reason());
        out.writeStringProperty("detail", entry.detail());
        out.writeNumberProperty("attempt", entry.attempt());
        out.writeStringProperty("profile", entry.profile());
        out.writeNumberProperty("revision", entry.revision());
        out.writeStringProperty("connection", entry.connection());
        out.writeStringProperty("server", entry.server());
        out.writeStringProperty("worker", entry.worker());
    }

    private static void recipients(JsonGenerator out, List<LogEntry.Recipient> recipients) {
        out.writeArrayPropertyStart("recipients");
        for (var recipient : recipients) {
            out.writeStartObject();
            out.writeStringProperty("address", recipient.address());
            out.writeStringProperty("verdict", recipient.verdict());
            out.writeStringProperty("reason", recipient.reason());
            out.writeStringProperty("detail", recipient.detail());
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    private static void position(JsonGenerator out, LogEntry.@Nullable Position record) {
        if (record != null) {
            out.writeObjectPropertyStart("record");
            out.writeStringProperty("topic", record.topic());
            out.writeNumberProperty("partition", record.partition());
            out.writeNumberProperty("offset", record.offset());
            out.writeEndObject();
        }
    }

    /// The entry, or nothing where the bytes are none. Fields that a later version added are passed
    /// over.
    public static Optional<LogEntry> decode(byte[] value) {
        try {
            return Optional.of(entry(JSON.readTree(value)));
        } catch (JacksonException | DateTimeException | NoSuchElementException e) {
            return Optional.empty();
        } catch (NumberFormatException e) { // the parser's, of a number beyond BigDecimal
            return Optional.empty();
        }
    }

    private static LogEntry entry(JsonNode json) {
        return new LogEntry(
                event(json.path("event")),
                Instant.parse(json.path("at").asString("")),
                OutcomeName.of(json.path("outcome").asString("")).orElseThrow(),
                json.path("reason").asString(""),
                json.path("detail").asString(""),
                json.path("attempt").asInt(0),
                text(json, "profile"),
                json.path("revision").asLong(0),
                text(json, "connection"),
                text(json, "server"),
                json.path("worker").asString(""),
                recipients(json.path("recipients")),
                text(json, "messageId"),
                duration(json.path("queuedFor")),
                duration(json.path("took")),
                metadata(json.path("metadata")),
                position(json.path("record")));
    }

    private static LogEntry.@Nullable Event event(JsonNode json) {
        return json.isObject()
                ? new LogEntry.Event(
                        json.path("source").asString(""),
                        json.path("id").asString(""),
                        text(json, "type"))
                : null;
    }

    private static @Nullable String text(JsonNode json, String name) {
        var node = json.path(name);
        return node.isString() ? node.stringValue() : null;
    }

    private static Duration duration(JsonNode json) {
        return json.isString() ? Duration.parse(json.stringValue()) : Duration.ZERO;
    }

    private static List<LogEntry.Recipient> recipients(JsonNode json) {
        var recipients = new ArrayList<LogEntry.Recipient>();
        for (var node : json) {
            recipients.add(
                    new LogEntry.Recipient(
                            node.path("address").asString(""),
                            node.path("verdict").asString(""),
                            node.path("reason").asString(""),
                            node.path("detail").asString("")));
        }
        return recipients;
    }

    private static Map<String, @Nullable Object> metadata(JsonNode json) {
        var metadata = new LinkedHashMap<String, @Nullable Object>();
        json.properties().forEach(field -> metadata.put(field.getKey(), value(field.getValue())));
        return metadata;
    }

    /// As an event has it: whole numbers are Long or BigInteger, others BigDecimal.
    private static @Nullable Object value(JsonNode json) {
        return switch (json.getNodeType()) {
            case OBJECT -> metadata(json);
            case ARRAY -> json.valueStream().map(LogEntryCodec::value).toList();
            case STRING -> json.stringValue();
            case BOOLEAN -> json.booleanValue();
            case NUMBER -> number(json);
            case NULL, MISSING, BINARY, POJO -> null;
        };
    }

    private static Number number(JsonNode json) {
        if (!json.isIntegralNumber()) {
            return json.decimalValue();
        }
        return json.canConvertToLong() ? json.longValue() : json.bigIntegerValue();
    }

    private static LogEntry.@Nullable Position position(JsonNode json) {
        return json.isObject()
                ? new LogEntry.Position(
                        json.path("topic").asString(""),
                        json.path("partition").asInt(0),
                        json.path("offset").asLong(0))
                : null;
    }
}
