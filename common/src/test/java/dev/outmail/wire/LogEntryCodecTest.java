package dev.outmail.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class LogEntryCodecTest {
    private static final LogEntry.Recipient ADA =
            new LogEntry.Recipient("ada@example.org", "accepted", "accepted", "250 2.0.0 ok");

    @Test
    void anEntryIsReadAsItWasWritten() {
        var entry = entry(List.of(ADA), metadataOfEveryKind());

        var read = LogEntryCodec.decode(LogEntryCodec.encode(entry));

        assertThat(read).contains(entry);
    }

    @Test
    void anEntryWithNothingButWhatItMustHaveIsReadAsItWasWritten() {
        var entry =
                new LogEntry(
                        null,
                        Instant.parse("2026-01-15T12:00:00.123456789Z"),
                        OutcomeName.MALFORMED,
                        "malformed",
                        "",
                        0,
                        null,
                        0,
                        null,
                        null,
                        "worker-1",
                        List.of(),
                        null,
                        Duration.ZERO,
                        Duration.ZERO,
                        Map.of(),
                        null);

        var read = LogEntryCodec.decode(LogEntryCodec.encode(entry));

        assertThat(read).contains(entry);
    }

    @ParameterizedTest
    @EnumSource
    void everyOutcomeIsReadAsItWasWritten(OutcomeName outcome) {
        var json = contract().replace("\"sent\"", "\"" + outcome.wireName() + "\"");

        assertThat(decode(json)).get().extracting(LogEntry::outcome).isEqualTo(outcome);
    }

    /// The names are public: people search the log by them.
    @Test
    void anEntryLooksAsTheContractSays() {
        var entry = entry(List.of(ADA), Map.of("task", 42L));

        var written = new JsonMapper().readTree(LogEntryCodec.encode(entry));

        assertThat(written).isEqualTo(new JsonMapper().readTree(contract()));
    }

    @Test
    void fieldsThatALaterVersionAddedArePassedOver() {
        var later =
                contract()
                        .replaceFirst("\\{", "{\"shard\": {\"a\": [1, null]}, ")
                        .replace("\"verdict\"", "\"score\": 0.5, \"verdict\"")
                        .replace("\"offset\"", "\"epoch\": 7, \"offset\"");

        assertThat(decode(later)).isEqualTo(decode(contract())).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "1",
                "{",
                "{}",
                "{\"at\": \"2026-01-15T12:00:00Z\"}",
                "{\"at\": \"2026-01-15T12:00:00Z\", \"outcome\": \"SENT\"}",
                "{\"at\": \"2026-01-15T12:00:00Z\", \"outcome\": \"vanished\"}",
                "{\"at\": \"yesterday\", \"outcome\": \"sent\"}",
                "{\"at\": 1, \"outcome\": \"sent\"}",
                "{\"at\": \"2026-01-15T12:00:00Z\", \"outcome\": \"sent\", \"took\": \"1 s\"}"
            })
    void whatIsNoEntryIsReadAsNone(String json) {
        assertThat(decode(json)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e9999999999", "1e999999999", "1e-999999999", "1.5", "1e30"})
    void numbersOfAnySizeAreReadQuicklyOrNotAtAll(String number) {
        for (var field : List.of("attempt", "revision", "offset", "task")) {
            var json =
                    contract()
                            .replaceFirst(
                                    "\"" + field + "\": \\d+", "\"" + field + "\": " + number);

            assertTimeout(Duration.ofSeconds(5), () -> decode(json));
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2})
    void damagedBytesNeverThrow(long seed) {
        var random = new Random(seed);
        byte[] sound = LogEntryCodec.encode(entry(List.of(ADA), metadataOfEveryKind()));
        for (int i = 0; i < 5_000; i++) {
            byte[] bytes = sound.clone();
            for (int flips = random.nextInt(4); flips >= 0; flips--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }

            assertThatCode(() -> LogEntryCodec.decode(bytes))
                    .as("seed %d, record %d", seed, i)
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void metadataThatIsTooLargeForATopicIsLeftOut() {
        var entry = entry(List.of(ADA), Map.of("task", "x".repeat(2 << 20)));

        byte[] encoded = LogEntryCodec.encode(entry);

        assertThat(encoded).hasSizeLessThan(LogEntryCodec.MAX_BYTES);
        assertThat(new String(encoded, StandardCharsets.UTF_8))
                .contains("\"leftOut\":\"metadata\"");
        var read = LogEntryCodec.decode(encoded).orElseThrow();
        assertThat(read.metadata()).isEmpty();
        assertThat(read.recipients()).containsExactly(ADA);
    }

    @Test
    void ofThousandsOfTalkativeVerdictsTheFirstStayWithoutTheirWords() {
        var talkative =
                new LogEntry.Recipient("ada@example.org", "rejected", "refused", "x".repeat(2_048));

        byte[] encoded =
                LogEntryCodec.encode(entry(Collections.nCopies(10_000, talkative), Map.of()));

        assertThat(encoded).hasSizeLessThan(LogEntryCodec.MAX_BYTES);
        var read = LogEntryCodec.decode(encoded).orElseThrow();
        assertThat(read.recipients())
                .hasSize(1_000)
                .allMatch(r -> r.verdict().equals("rejected") && r.detail().isEmpty());
    }

    /// As an event has it: whole numbers are Long or BigInteger, others BigDecimal.
    private static Map<String, @Nullable Object> metadataOfEveryKind() {
        var metadata = new LinkedHashMap<String, @Nullable Object>();
        metadata.put("text", "Grüße \u2028 \ud83c\udf89");
        metadata.put("small", 1L);
        metadata.put("large", Long.MIN_VALUE);
        metadata.put("larger", new BigInteger("9".repeat(31)));
        metadata.put("decimal", new BigDecimal("1.50"));
        metadata.put("tiny", new BigDecimal("1E-300"));
        metadata.put("truth", true);
        metadata.put("nothing", null);
        metadata.put("list", Arrays.asList("a", 2L, null, List.of(), Map.of("b", 3L)));
        metadata.put("map", Map.of("c", Map.of("d", false)));
        return metadata;
    }

    private static String contract() {
        return """
        {
          "event": {"source": "/", "id": "task-42", "type": "task.assigned"},
          "at": "2026-01-15T12:00:00Z",
          "outcome": "sent",
          "reason": "accepted",
          "detail": "250 2.0.0 ok",
          "attempt": 1,
          "profile": "default",
          "revision": 17,
          "connection": "smtp",
          "server": "smtp.example.com:587",
          "worker": "worker-1",
          "recipients": [{"address": "ada@example.org", "verdict": "accepted",
                          "reason": "accepted", "detail": "250 2.0.0 ok"}],
          "messageId": "<abc@id.outmail.dev>",
          "queuedFor": "PT0.003S",
          "took": "PT0.02S",
          "metadata": {"task": 42},
          "record": {"topic": "outmail.events", "partition": 3, "offset": 5}
        }
        """;
    }

    private static Optional<LogEntry> decode(String json) {
        return LogEntryCodec.decode(json.getBytes(StandardCharsets.UTF_8));
    }

    private static LogEntry entry(
            List<LogEntry.Recipient> recipients, Map<String, ? extends @Nullable Object> metadata) {
        return new LogEntry(
                new LogEntry.Event("/", "task-42", "task.assigned"),
                Instant.parse("2026-01-15T12:00:00Z"),
                OutcomeName.SENT,
                "accepted",
                "250 2.0.0 ok",
                1,
                "default",
                17,
                "smtp",
                "smtp.example.com:587",
                "worker-1",
                recipients,
                "<abc@id.outmail.dev>",
                Duration.ofMillis(3),
                Duration.ofMillis(20),
                new LinkedHashMap<>(metadata),
                new LogEntry.Position("outmail.events", 3, 5));
    }
}
