package dev.outmail.delivery.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.delivery.Reason;
import dev.outmail.delivery.TransportResult.Kind;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SlotsTest {
    private final SmtpTrouble refused = new SmtpTrouble(Kind.SERVER, Reason.UNREACHABLE, "refused");

    private final ManualTicker ticker = new ManualTicker();
    private final Slots slots = new Slots(10);

    /// As many as may be.
    private int beginOpening() {
        int opening = 0;
        while (slots.mayOpen(ticker.getAsLong())) {
            slots.take(true);
            opening++;
        }
        return opening;
    }

    private void opened(int count) {
        for (int i = 0; i < count; i++) {
            slots.opened();
        }
    }

    private void refused() {
        slots.notOpened(refused, ticker.getAsLong());
        slots.release();
    }

    @Test
    void asManyAreOpenedAtATimeAsAreAtWork() {
        assertThat(beginOpening()).isEqualTo(1);
        opened(1);
        assertThat(beginOpening()).isEqualTo(1);
        opened(1);
        assertThat(beginOpening()).isEqualTo(2);
        opened(2);
        assertThat(beginOpening()).isEqualTo(4);
        opened(4);
        assertThat(beginOpening()).isEqualTo(2);
        assertThat(slots.isFree()).isFalse();
    }

    @Test
    void oneAtATimeAfterOneBroke() {
        beginOpening();
        opened(1);
        beginOpening();
        opened(1);
        beginOpening();
        opened(2);
        slots.broke();
        slots.release();

        assertThat(beginOpening()).isEqualTo(1);
        slots.worked();
        assertThat(beginOpening()).isEqualTo(2);
    }

    @Test
    void noneForAWhileAfterARefusalWhileOthersWork() {
        beginOpening();
        opened(1);
        beginOpening();
        refused();

        assertThat(beginOpening()).isZero();
        assertThat(slots.mayReplace(ticker.getAsLong())).isFalse();
        ticker.advance(Duration.ofSeconds(5));
        assertThat(beginOpening()).isEqualTo(1);
    }

    @Test
    void thereIsNoHopeWhenTheLastConnectionIsGoneAfterARefusal() {
        beginOpening();
        opened(1);
        beginOpening();
        refused();
        assertThat(slots.hopeless(ticker.getAsLong())).isNull();

        slots.broke();
        slots.release();

        assertThat(slots.hopeless(ticker.getAsLong())).isSameAs(refused);
        assertThat(beginOpening()).isEqualTo(1);
    }

    @Test
    void anOldRefusalIsNoReasonToGiveUp() {
        beginOpening();
        opened(1);
        beginOpening();
        refused();
        ticker.advance(Duration.ofSeconds(5));

        slots.broke();
        slots.release();

        assertThat(slots.hopeless(ticker.getAsLong())).isNull();
    }

    @Test
    void anOpeningThatWasBrokenOffIsNoRefusal() {
        beginOpening();
        slots.notOpened(null, ticker.getAsLong());
        slots.release();

        assertThat(slots.hopeless(ticker.getAsLong())).isNull();
        assertThat(beginOpening()).isEqualTo(1);
    }
}
