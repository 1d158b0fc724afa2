package dev.outmail.worker.delay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.testkit.ManualTime;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class BrokerTimeTest {
    private static final Duration HOUR = Duration.ofHours(1);

    private final ManualTime here = new ManualTime();
    private final BrokerTime time = new BrokerTime(here, here.ticker());
    private final Instant start = here.instant();

    private void saw(Instant timestamp, TimestampType type) {
        time.saw(WaitingRecords.record(new TopicPartition("t", 0), 0, timestamp, type, null));
    }

    @Test
    void untilABrokerSaysSoItIsOurOwnTime() {
        here.advance(Duration.ofSeconds(3));

        assertThat(time.instant()).isEqualTo(start.plusSeconds(3));
        assertThat(time.confirmed()).isFalse();
    }

    @Test
    void ourClockMayJumpAsItLikes() {
        here.setClock(start.plus(HOUR));
        here.advance(Duration.ofSeconds(1));
        here.setClock(Instant.EPOCH);

        assertThat(time.instant()).isEqualTo(start.plusSeconds(1));
    }

    @Test
    void aRecordThatIsHereWasAppendedBefore() {
        saw(start.plus(HOUR), TimestampType.LOG_APPEND_TIME);
        saw(start, TimestampType.LOG_APPEND_TIME);

        assertThat(time.instant()).isEqualTo(start.plus(HOUR));
    }

    @Test
    void aTimestampOfAProducerSaysNothing() {
        saw(start.plus(HOUR), TimestampType.CREATE_TIME);
        saw(Instant.ofEpochMilli(Long.MAX_VALUE), TimestampType.CREATE_TIME);

        assertThat(time.instant()).isEqualTo(start);
    }

    @Test
    void anAppendedRecordSaysTheTimeWithinThatOfItsJourney() {
        long sent = here.ticker().getAsLong();
        here.advance(Duration.ofMillis(20));

        time.appended(start.plusMillis(10).toEpochMilli(), sent);
        assertThat(time.instant()).isEqualTo(start.plusMillis(20));

        time.appended(start.minus(HOUR).toEpochMilli(), sent);
        assertThat(time.instant()).isEqualTo(start.minus(HOUR).plusMillis(20));

        time.appended(start.plus(HOUR).toEpochMilli(), sent);
        assertThat(time.instant()).isEqualTo(start.plus(HOUR));
        assertThat(time.confirmed()).isTrue();
    }

    @Test
    void whereBrokersSayNoTimeOurOwnIsGoodEnough() {
        time.appended(-1, here.ticker().getAsLong());

        assertThat(time.instant()).isEqualTo(start);
        assertThat(time.confirmed()).isTrue();
    }
}
