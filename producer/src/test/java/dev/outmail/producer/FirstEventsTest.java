package dev.outmail.producer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.mail.EventId;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class FirstEventsTest {
    private static final byte[] NOTHING = {};

    private final List<String> sent = new ArrayList<>();
    private final FirstEvents first =
            new FirstEvents(100, (publication, record) -> sent.add(publication.event().id()));

    private Publication publish(String id, int bytes) {
        var publication = new Publication(new EventId("/", id));
        first.publish(publication, new ProducerRecord<>("events", NOTHING, new byte[bytes]));
        return publication;
    }

    @Test
    void eventsLeaveInTheirOrderOnceTheirTopicIsFound() {
        publish("1", 10);
        publish("2", 10);
        assertThat(sent).isEmpty();

        first.release();
        publish("3", 1_000);

        assertThat(sent).containsExactly("1", "2", "3");
    }

    @Test
    void anEventThatHasEndedMeanwhileDoesNotLeave() {
        publish("1", 10).fail(new TimeoutException());
        publish("2", 10);

        first.release();

        assertThat(sent).containsExactly("2");
    }

    @Test
    void whoWaitsNoLongerTakesTheEventBackUnlessKafkasClientHasIt() {
        var waiting = publish("1", 10);
        first.withdraw(waiting, new TimeoutException());
        first.release();
        var gone = publish("2", 10);
        gone.handOver();
        first.withdraw(gone, new TimeoutException());

        assertThat(sent).containsExactly("2");
        assertThat(waiting.isDone()).isTrue();
        assertThat(gone.isDone()).isFalse();
    }

    @Test
    void moreThanMayWaitIsRefusedUntilOthersHaveEnded() {
        var early = publish("1", 60);

        assertThat(publish("2", 60).isDone()).isTrue();
        assertThat(publish("3", 40).isDone()).isFalse();
        early.fail(new TimeoutException());
        assertThat(publish("4", 60).isDone()).isFalse();

        first.release();
        assertThat(sent).containsExactly("3", "4");
    }
}
