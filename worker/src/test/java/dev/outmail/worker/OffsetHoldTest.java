package dev.outmail.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.testkit.ManualTime;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class OffsetHoldTest {
    private final ManualTime time = new ManualTime();
    private final OffsetHold offsetHold = OffsetHold.within(Duration.ofDays(1), 800, time.ticker());
    private final Lease lease =
            new Lease(new TopicPartition("events", 0), new CompletableFuture<>());
    private int next;

    @Test
    void aMailMayWaitForAPartOfTheWindow() {
        var hold = offsetHold.begin(lease);
        end(1);

        time.advance(Duration.ofHours(3).minusNanos(1));
        assertThat(offsetHold.isOver(hold)).isFalse();

        time.advance(Duration.ofNanos(1));
        assertThat(offsetHold.isOver(hold)).isTrue();
    }

    @Test
    void aMailMayWaitAsLongAsNothingElseOfItsPartitionEnds() {
        end(50);
        var hold = offsetHold.begin(lease);

        time.advance(Duration.ofDays(30));

        assertThat(offsetHold.isOver(hold)).isFalse();
        end(1);
        assertThat(offsetHold.isOver(hold)).isTrue();
    }

    @Test
    void aMailMayWaitUntilAPartOfWhatTheLedgerRemembersEnded() {
        end(500);
        var hold = offsetHold.begin(lease);

        end(99);
        assertThat(offsetHold.isOver(hold)).isFalse();

        end(1);
        assertThat(offsetHold.isOver(hold)).isTrue();
    }

    private void end(int records) {
        for (int i = 0; i < records; i++) {
            lease.progress().begin(next, 0);
            lease.complete(next);
            next++;
        }
    }
}
