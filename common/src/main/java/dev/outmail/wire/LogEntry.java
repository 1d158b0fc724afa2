package dev.outmail.wire;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One entry of the mailing log: how one attempt at one event ended (design: the public contract).
///
/// @param event null where the record was too malformed to tell
/// @param outcome how it ended
/// @param reason why, one of the typed reasons
/// @param detail in words, often the server's, printable, at most 2 KB
/// @param attempt from 1; 0 where none was made
/// @param revision of the profile's settings that were applied; 0 where none were
/// @param connection `disabled`, `silent`, `native` or `smtp`; null where none was decided on
/// @param queuedFor from the event's acceptance to the start of the attempt
/// @param took the attempt
/// @param metadata the event's, as its publisher wrote it
/// @param record where the event is; null for one delivered instantly
public record LogEntry(
        @Nullable Event event,
        Instant at,
        OutcomeName outcome,
        String reason,
        String detail,
        int attempt,
        @Nullable String profile,
        long revision,
        @Nullable String connection,
        @Nullable String server,
        String worker,
        List<Recipient> recipients,
        @Nullable String messageId,
        Duration queuedFor,
        Duration took,
        Map<String, @Nullable Object> metadata,
        @Nullable Position record) {

    public LogEntry {
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(outcome, "outcome");
        recipients = List.copyOf(recipients);
    }

    /// Which event.
    public record Event(String source, String id, @Nullable String type) {
        /// As [dev.outmail.mail.EventId] writes it.
        String identity() {
            return source + "#" + id;
        }
    }

    /// What was said of one recipient.
    ///
    /// @param verdict `accepted`, `deferred`, `rejected` or `in-doubt`; `dropped` where the
    ///   settings keep the mail from this recipient; `none` where nobody was asked
    public record Recipient(String address, String verdict, String reason, String detail) {}

    /// A record's place in Kafka.
    public record Position(String topic, int partition, long offset) {}
}
