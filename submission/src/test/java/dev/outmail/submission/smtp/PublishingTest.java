package dev.outmail.submission.smtp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.mail.EmailAddress;
import dev.outmail.producer.InMemoryOutmail;
import dev.outmail.producer.MailNotAccepted;
import dev.outmail.producer.Submission;
import dev.outmail.submission.smtp.Destination.Accepted;
import dev.outmail.submission.smtp.Destination.Envelope;
import dev.outmail.testkit.ManualTime;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class PublishingTest {
    private static final Envelope ENVELOPE =
            new Envelope(
                    EmailAddress.parse("a@example.com"),
                    List.of(EmailAddress.parse("ada@example.org")));

    private final ManualTime time = new ManualTime();
    private final List<Duration> pauses = new ArrayList<>();
    private final InMemoryOutmail kafka = new InMemoryOutmail();
    private final Publishing publishing =
            new Publishing(kafka, new Submission("/smtp", "default"), time.ticker(), this::pause);
    private int backAfterPauses = Integer.MAX_VALUE;

    private void pause(long nanos) {
        var pause = Duration.ofNanos(nanos);
        pauses.add(pause);
        time.advance(pause);
        if (pauses.size() == backAfterPauses) {
            kafka.failWith(null);
        }
    }

    private CompletableFuture<Accepted> publish() {
        var trace =
                new Trace(
                        "x",
                        InetAddress.getLoopbackAddress(),
                        "mx.example",
                        "ESMTP",
                        time.instant());
        return publishing.publish(ENVELOPE, Talk.MESSAGE.getBytes(UTF_8), trace);
    }

    @Test
    void whileThereIsNoRoomItIsTriedAgainAFewTimesAndForFourSeconds() {
        kafka.failWith(new MailNotAccepted("no room", new TimeoutException("no room")));

        assertThat(publish()).isCompletedExceptionally();

        assertThat(pauses).hasSizeLessThan(8);
        assertThat(pauses.stream().reduce(Duration.ZERO, Duration::plus))
                .isEqualTo(Duration.ofSeconds(4));
        assertThat(publishing.trouble()).contains("no room");
    }

    @Test
    void itIsTakenOnceThereIsRoom() {
        kafka.failWith(new MailNotAccepted("no room", new TimeoutException("no room")));
        backAfterPauses = 3;

        assertThat(publish()).isCompleted();

        assertThat(pauses).hasSize(3);
        assertThat(kafka.queued()).hasSize(1);
    }

    @Test
    void whatKafkaMayHaveSeenIsNotPublishedAgain() {
        kafka.failWith(new MailNotAccepted("no", new NotLeaderOrFollowerException("no")));

        assertThat(publish()).isCompletedExceptionally();

        assertThat(pauses).isEmpty();
    }
}
