package dev.outmail.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.outmail.delivery.Reason;
import dev.outmail.mail.MailEvent;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class MeteredOutmailTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final InMemoryOutmail inMemory = new InMemoryOutmail();
    private final Outmail outmail = MeteredOutmail.of(inMemory, registry);

    private static MailEvent mail(String id) {
        return MailEvent.builder().id(id).to("ada@example.org").subject("s").text("t").build();
    }

    @Test
    void callsAreCountedByWhatBecameOfTheirMail() {
        outmail.send(mail("1"));
        outmail.send(mail("2"));
        outmail.publish(mail("3")).join();
        outmail.deliverNow(mail("4"));

        assertThat(count("send", "queued")).isEqualTo(2);
        assertThat(count("publish", "queued")).isEqualTo(1);
        assertThat(count("deliver-now", "delivered")).isEqualTo(1);
        assertThat(inMemory.queued()).hasSize(3);
        assertThat(inMemory.delivered()).hasSize(1);
    }

    @Test
    void whatFailsIsCountedAndFailsAsBefore() {
        var refusal = new MailRejected(Reason.UNKNOWN_RECIPIENT, "no such user", List.of());
        inMemory.failWith(refusal);

        assertThatExceptionOfType(MailRejected.class)
                .isThrownBy(() -> outmail.deliverNow(mail("1")))
                .isSameAs(refusal);
        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(() -> outmail.publish(mail("2")).join())
                .withCause(refusal);

        assertThat(count("deliver-now", "rejected")).isEqualTo(1);
        assertThat(count("publish", "rejected")).isEqualTo(1);
    }

    private long count(String method, String result) {
        return registry.get("outmail.client.send")
                .tags("method", method, "result", result)
                .timer()
                .count();
    }
}
