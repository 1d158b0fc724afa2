package dev.outmail.wire;

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
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A log entry as the value of a record on the mailing log.
public final class LogEntryCodec {
    private static final JsonMapper JSON = Json.mapper(16 << 20);

    /// Well below the megabyte that topics take unless told otherwise: an entry that a topic never
    /// takes would keep its event unfinished for ever.
    static final int MAX_BYTES = 512 << 10;

    private static final int RECIPIENTS_OF_A_LARGE_ENTRY = 1_000;

    private LogEntryCodec() {}

    /// The bytes of a record's value, at most 512 KiB. Where an entry is larger, `leftOut` says
    /// what is missing: the metadata, which its event has; and if that is not enough, what was said
    /// of each recipient, and the recipients after the first thousand.
    public static byte[] encode(LogEntry entry) {
        var json = json(entry);
        var bytes = JSON.writeValueAsBytes(json);
        if (bytes.length > MAX_BYTES) {
            json.remove("metadata");
            json.put("leftOut", "metadata");
            bytes = JSON.writeValueAsBytes(json);
        }
        if (bytes.length > MAX_BYTES) {
            recipients(json, shortened(entry.recipients()));
            json.put("leftOut", "metadata, recipients");
            bytes = JSON.writeValueAsBytes(json);
        }
        return bytes;
    }

    private static List<LogEntry.Recipient> shortened(List<LogEntry.Recipient> recipients) {
        return recipients.stream()
                .limit(RECIPIENTS_OF_A_LARGE_ENTRY)
                .map(r -> new LogEntry.Recipient(r.address(), r.verdict(), r.reason(), ""))
                .toList();
    }

    private static ObjectNode json(LogEntry entry) {
        var json = JSON.createObjectNode();
        var event = entry.event();
        if (event != null) {
            var node = json.putObject("event");
            node.put("source", event.source());
            node.put("id", event.id());
            node.put("type", event.type());
        }
        json.put("at", entry.at().toString());
        json.put("outcome", entry.outcome().wireName());
        json.put("reason", entry.reason());
        json.put("detail", entry.detail());
        json.put("attempt", entry.attempt());
        json.put("profile", entry.profile());
        json.put("revision", entry.revision());
        json.put("connection", entry.connection());
        json.put("server", entry.server());
        json.put("worker", entry.worker());
        recipients(json, entry.recipients());
        json.put("messageId", entry.messageId());
        json.put("queuedFor", entry.queuedFor().toString());
        json.put("took", entry.took().toString());
        if (!entry.metadata().isEmpty()) {
            json.set("metadata", JSON.valueToTree(entry.metadata()));
        }
        position(json, entry.record());
        return json;
    }

    private static void recipients(ObjectNode json, List<LogEntry.Recipient> recipients) {
        var array = json.putArray("recipients");
        for (var recipient : recipients) {
            var node = array.addObject();
            node.put("address", recipient.address());
            node.put("verdict", recipient.verdict());
            node.put("reason", recipient.reason());
            node.put("detail", recipient.detail());
        }
    }

    private static void position(ObjectNode json, LogEntry.@Nullable Position record) {
        if (record != null) {
            var node = json.putObject("record");
            node.put("topic", record.topic());
            node.put("partition", record.partition());
            node.put("offset", record.offset());
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
