package dev.outmail.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LogRecordsTest {
    private static final byte[] KEY = "/app#1".getBytes(UTF_8);
    private static final Instant AT = Instant.parse("2026-01-15T12:00:00Z");
    private static final LogEntry.Position PLACE = new LogEntry.Position("outmail.events", 3, 17);

    private final LogRecords cloudEvents = new LogRecords("outmail.log", true);

    @Test
    void entryIsPlainUnlessCloudEventsAreAskedFor() {
        var entry = entry(OutcomeName.SENT, 1, AT, PLACE);

        var plain = new LogRecords("outmail.log", false).of(KEY, entry);

        assertThat(plain.topic()).isEqualTo("outmail.log");
        assertThat(plain.key()).isEqualTo(KEY);
        assertThat(plain.headers()).isEmpty();
        assertThat(plain.value()).isEqualTo(cloudEvents.of(KEY, entry).value());
    }

    @Test
    void outcomeIsACloudEventInBinaryMode() {
        assertThat(headers(entry(OutcomeName.SENT, 2, AT, PLACE)))
                .containsExactlyInAnyOrderEntriesOf(
                        Map.ofEntries(
                                Map.entry("ce_specversion", "1.0"),
                                Map.entry("ce_id", "outmail.events-3@17/2/sent"),
                                Map.entry("ce_source", "/outmail.log"),
                                Map.entry("ce_type", "dev.outmail.mail.sent.v1"),
                                Map.entry("ce_time", "2026-01-15T12:00:00Z"),
                                Map.entry("ce_subject", "/app#1"),
                                Map.entry("ce_dataschema", "urn:outmail:schema:log-entry:1"),
                                Map.entry("content-type", "application/json")));
    }

    @ParameterizedTest
    @EnumSource
    void idIsTheSameOnlyForTheSameOutcomeOfTheSameAttempt(OutcomeName outcome) {
        String id = id(entry(outcome, 1, AT, PLACE));
        var later = AT.plusSeconds(1);

        assertThat(id(entry(outcome, 1, AT, PLACE))).isEqualTo(id);
        assertThat(id(entry(outcome, 2, AT, PLACE))).isNotEqualTo(id);
        assertThat(id(entry(outcome, 1, AT, new LogEntry.Position("outmail.events", 3, 18))))
                .isNotEqualTo(id);
        assertThat(id(entry(outcome, 1, later, null)))
                .as("an event may be delivered instantly again")
                .isNotEqualTo(id(entry(outcome, 1, AT, null)));
        switch (outcome) {
            case SENT, SILENCED, DROPPED, REJECTED, EXPIRED, MALFORMED, DUPLICATE ->
                    assertThat(id(entry(outcome, 1, later, PLACE))).isEqualTo(id);
            case DEFERRED, IN_DOUBT, HELD ->
                    assertThat(id(entry(outcome, 1, later, PLACE))).isNotEqualTo(id);
        }
    }

    private String id(LogEntry entry) {
        return headers(entry).getOrDefault("ce_id", "");
    }

    private Map<String, String> headers(LogEntry entry) {
        var headers = new LinkedHashMap<String, String>();
        for (var header : cloudEvents.of(KEY, entry).headers()) {
            headers.put(header.key(), new String(header.value(), UTF_8));
        }
        return headers;
    }

    private static LogEntry entry(
            OutcomeName outcome, int attempt, Instant at, LogEntry.@Nullable Position record) {
        return new LogEntry(
                new LogEntry.Event("/app", "1", null),
                at,
                outcome,
                "reason",
                "",
                attempt,
                "default",
                1,
                "silent",
                null,
                "worker-1",
                List.of(),
                "<1@example.com>",
                Duration.ZERO,
                Duration.ZERO,
                Map.of(),
                record);
    }
}
