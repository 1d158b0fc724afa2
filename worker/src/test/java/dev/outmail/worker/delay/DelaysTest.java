package dev.outmail.worker.delay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.kafka.Headers;
import dev.outmail.kafka.Topics;
import dev.outmail.wire.RetryHeader;
import dev.outmail.wire.RetryStateCodec;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DelaysTest {
    private static final Instant NOW = Instant.parse("2026-01-15T12:00:00Z");
    private static final TopicPartition PLACE = new TopicPartition("t.events", 3);

    private final Delays delays = new Delays(new Topics("t."), topic -> 4);

    @ParameterizedTest
    @CsvSource({
        "PT0S, 10s",
        "PT3S, 10s",
        "PT59S, 10s",
        "PT1M, 1m",
        "PT48M, 30m",
        "PT23H, 8h",
        "P400D, 24h"
    })
    void aWaitBeginsInTheLongestDelayThatIsNotLonger(Duration wait, String tier) {
        var event = WaitingRecords.record(PLACE, 0, NOW, TimestampType.LOG_APPEND_TIME, null);

        var record = delays.record(event, WaitingRecords.state(NOW, NOW.plus(wait), 3), wait);

        assertThat(record.topic()).isEqualTo("t.delay-" + tier);
    }

    @Test
    void anEventGoesToWaitAsItIsWithOneRetryHeader() {
        var event =
                WaitingRecords.record(
                        PLACE, 7, NOW, TimestampType.LOG_APPEND_TIME, WaitingRecords.utf8("{}"));
        event.headers().add(Headers.RETRY, WaitingRecords.utf8("another"));
        event.headers().add("ce_id", WaitingRecords.utf8("1"));
        var state = WaitingRecords.state(NOW, NOW.plusSeconds(30), 3);

        var record = delays.record(event, state, Duration.ofSeconds(30));

        assertThat(record.partition()).isEqualTo(3);
        assertThat(record.key()).isEqualTo(event.key());
        assertThat(record.value()).isEqualTo(event.value());
        assertThat(record.timestamp()).isNull();
        assertThat(record.headers())
                .extracting(header -> header.key())
                .containsExactly("traceparent", "ce_id", Headers.RETRY);
        assertThat(RetryStateCodec.decode(record.headers().lastHeader(Headers.RETRY).value(), NOW))
                .isEqualTo(new RetryHeader.Present(state));
    }

    /// A producer would wait a minute for the partition to come.
    @Test
    void whereThereIsNoSuchPartitionTheKeyDecides() {
        var event =
                WaitingRecords.record(
                        new TopicPartition("t.events", 4),
                        7,
                        NOW,
                        TimestampType.LOG_APPEND_TIME,
                        null);

        assertThat(delays.record(event, WaitingRecords.state(NOW, NOW, 4), Duration.ZERO))
                .returns(null, record -> record.partition());
        assertThat(delays.back(event, -1).partition()).isNull();
        assertThat(delays.back(event, 3).partition()).isEqualTo(3);
    }
}
