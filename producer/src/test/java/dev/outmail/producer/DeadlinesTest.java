package dev.outmail.producer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.mail.EventId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class DeadlinesTest {
    private final Deque<Runnable> looks = new ArrayDeque<>();
    private long now = Long.MAX_VALUE - 1_000;
    private final Deadlines deadlines =
            new Deadlines(Duration.ofSeconds(5), () -> now, looks::addLast);

    private Publication add(String id) {
        var publication = new Publication(new EventId("/test", id));
        deadlines.add(publication);
        return publication;
    }

    private void passAndLook(Duration time) {
        now += time.toNanos();
        looks.removeFirst().run();
    }

    @Test
    void whatIsNotDoneInTimeFailsBeforeItsTimeIsUp() {
        var first = add("1");
        passAndLook(Duration.ofSeconds(4));
        assertThat(first.isDone()).isFalse();

        passAndLook(Duration.ofMillis(800));

        assertThat(first.isDone()).isTrue();
        assertThat(first.isConfirmed()).isFalse();
        assertThat(first.receipt().handle((receipt, failure) -> failure).join())
                .isInstanceOf(MailNotAccepted.class)
                .hasMessageContaining("no answer in time")
                .hasRootCauseInstanceOf(TimeoutException.class)
                .isNotInstanceOf(CompletionException.class);
    }

    @Test
    void aLookThatIsLateFailsAllThatAreDueAndNoOther() {
        var first = add("1");
        var done = add("2");
        var second = add("3");
        now += Duration.ofSeconds(3).toNanos();
        var young = add("4");
        done.onCompletion(new RecordMetadata(new TopicPartition("events", 0), 0, 0, 0, 0, 0), null);

        passAndLook(Duration.ofSeconds(3));

        assertThat(first.isDone()).isTrue();
        assertThat(second.isDone()).isTrue();
        assertThat(done.isConfirmed()).isTrue();
        assertThat(young.isDone()).isFalse();
    }

    @Test
    void itLooksOnlyAsLongAsSomethingIsOpen() {
        assertThat(looks).isEmpty();
        var first = add("1");
        add("2").fail(new IllegalStateException());
        assertThat(looks).hasSize(1);

        passAndLook(Duration.ZERO);
        assertThat(looks).as("one is open").hasSize(1);
        first.fail(new IllegalStateException());
        passAndLook(Duration.ZERO);
        assertThat(looks).as("none is").isEmpty();

        add("3");
        assertThat(looks).hasSize(1);
    }
}
