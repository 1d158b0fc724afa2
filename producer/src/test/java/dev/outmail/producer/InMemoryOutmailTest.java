package dev.outmail.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.outmail.delivery.Reason;
import dev.outmail.delivery.mime.MessageId;
import dev.outmail.mail.EventLimits;
import dev.outmail.mail.InvalidMailEvent;
import dev.outmail.mail.MailEvent;
import dev.outmail.settings.Timing;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class InMemoryOutmailTest {
    private final InMemoryOutmail outmail = new InMemoryOutmail();

    @Test
    void itRemembersWhatWasSentInOrder() {
        var first = mail("1");
        var second = mail("2");

        var receipt = outmail.send(first);
        var published = outmail.publish(second).join();

        assertThat(outmail.queued()).containsExactly(first, second);
        assertThat(outmail.delivered()).isEmpty();
        assertThat(receipt).isEqualTo(new Receipt.Queued("in-memory", 0, 0));
        assertThat(published).isEqualTo(new Receipt.Queued("in-memory", 0, 1));
    }

    @Test
    void whatIsDeliveredNowIsNotQueued() {
        var event = mail("1");

        var receipt = outmail.deliverNow(event);

        assertThat(outmail.delivered()).containsExactly(event);
        assertThat(outmail.queued()).isEmpty();
        assertThat(receipt)
                .isEqualTo(new Receipt.Delivered(MessageId.of(event.id()), "in-memory", List.of()));
    }

    @Test
    void itFailsAsItIsToldUntilItIsToldNotTo() {
        var away = new MailNotAccepted("Kafka is away", null);

        outmail.failWith(away);

        assertThatExceptionOfType(MailNotAccepted.class)
                .isThrownBy(() -> outmail.send(mail("1")))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.UNAVAILABLE));
        assertThatExceptionOfType(MailNotAccepted.class)
                .isThrownBy(() -> outmail.deliverNow(mail("2")));
        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(() -> outmail.publish(mail("3")).join())
                .withCause(away);
        assertThat(outmail.queued()).isEmpty();
        assertThat(outmail.delivered()).isEmpty();

        outmail.failWith(null);
        outmail.send(mail("4"));
        assertThat(outmail.queued()).hasSize(1);
    }

    @Test
    void itRefusesWhatTheRealOneRefuses() {
        var recipients = IntStream.range(0, 101).mapToObj(i -> "u" + i + "@example.org").toList();
        var event = MailEvent.builder().id("1").to(recipients).subject("To many").text("…").build();

        var refused = catchThrowableOfType(InvalidMailEvent.class, () -> outmail.send(event));

        assertThat(refused).hasMessageContaining("101 recipients").hasMessageContaining("100");
        assertThatExceptionOfType(InvalidMailEvent.class).isThrownBy(() -> outmail.publish(event));
        assertThatExceptionOfType(InvalidMailEvent.class)
                .isThrownBy(() -> outmail.deliverNow(event));
        assertThat(outmail.queued()).isEmpty();
    }

    @Test
    void itTakesWhatADeploymentOfOtherLimitsTakes() {
        var strict = new InMemoryOutmail(new EventLimits(1, 1_000));
        var two = MailEvent.builder().id("1").to("a@example.org").to("b@example.org");

        assertThatExceptionOfType(InvalidMailEvent.class)
                .isThrownBy(() -> strict.send(two.subject("s").text("t").build()));
    }

    @Test
    void itKeepsWhatRecipientsChose() {
        outmail.preferences().set("ada@EXAMPLE.org", Timing.INSTANTLY);

        assertThat(outmail.preferences().show("ada@example.org")).contains(Timing.INSTANTLY);
        assertThat(outmail.preferences().show("bob@example.org")).isEmpty();

        outmail.preferences().clear("ada@example.org");
        assertThat(outmail.preferences().show("ada@example.org")).isEmpty();
    }

    @Test
    void clearedItIsAsNew() {
        outmail.send(mail("1"));
        outmail.deliverNow(mail("2"));
        outmail.preferences().set("ada@example.org", Timing.INSTANTLY);
        outmail.failWith(new MailNotAccepted("Kafka is away", null));

        outmail.clear();

        assertThat(outmail.queued()).isEmpty();
        assertThat(outmail.delivered()).isEmpty();
        assertThat(outmail.preferences().show("ada@example.org")).isEmpty();
        assertThat(outmail.send(mail("1"))).isEqualTo(new Receipt.Queued("in-memory", 0, 0));
    }

    private static MailEvent mail(String id) {
        return MailEvent.builder()
                .id(id)
                .to("ada@example.org")
                .subject("Subject of " + id)
                .text("Text of " + id)
                .build();
    }
}
