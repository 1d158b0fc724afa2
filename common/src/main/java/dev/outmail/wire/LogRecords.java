package dev.outmail.wire;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/// Makes records of the mailing log, for those who read it as CloudEvents in binary mode, too, if
/// they are asked for: the value is the same entry, and so there is one write, not two.
///
/// @param topic of the log
/// @param asCloudEvents whether the records get the headers of CloudEvents 1.0.2
public record LogRecords(String topic, boolean asCloudEvents) {
    private static final String SCHEMA = "urn:outmail:schema:log-entry:1";

    /// The record of an entry.
    ///
    /// @param key the event's identity, or what stands for it
    public ProducerRecord<byte[], byte[]> of(byte @Nullable [] key, LogEntry entry) {
        var record = new ProducerRecord<byte[], byte[]>(topic, key, LogEntryCodec.encode(entry));
        if (asCloudEvents) {
            describe(entry, record.headers());
        }
        return record;
    }

    private void describe(LogEntry entry, Headers headers) {
        put(headers, "ce_specversion", "1.0");
        put(headers, "ce_id", id(entry));
        put(headers, "ce_source", "/" + topic);
        put(headers, "ce_type", "dev.outmail.mail." + entry.outcome().wireName() + ".v1");
        put(headers, "ce_time", entry.at().toString());
        if (entry.event() != null) {
            put(headers, "ce_subject", entry.event().identity());
        }
        put(headers, "ce_dataschema", SCHEMA);
        put(headers, "content-type", "application/json");
    }

    /// The same if an outcome is written down again, because a worker ended before that was known
    /// to be done; another for each other outcome.
    private static String id(LogEntry entry) {
        var record = entry.record();
        var event = entry.event();
        var of =
                record != null
                        ? record.topic() + "-" + record.partition() + "@" + record.offset()
                        : event != null ? event.identity() : "";
        var id = of + "/" + entry.attempt() + "/" + entry.outcome().wireName();
        return record != null && comesOnce(entry.outcome()) ? id : id + "/" + entry.at();
    }

    /// Whether an attempt at a record has it at most once.
    private static boolean comesOnce(OutcomeName outcome) {
        return switch (outcome) {
            case SENT, SILENCED, DROPPED, REJECTED, EXPIRED, MALFORMED, DUPLICATE -> true;
            case DEFERRED, IN_DOUBT, HELD -> false;
        };
    }

    private static void put(Headers headers, String name, String value) {
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
