package dev.outmail.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.testkit.ManualTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class MembershipTest {
    private static final Duration SESSION = Duration.ofSeconds(10);

    private final ManualTime time = new ManualTime();
    private final Membership membership = new Membership(SESSION, time.ticker());

    @Test
    void nothingIsSureBeforeTheFirstProof() {
        assertThat(membership.isSure()).isFalse();
    }

    @Test
    void aProofHoldsForLessThanASessionFromWhenItWasSent() {
        long sent = time.ticker().getAsLong();
        time.advance(Duration.ofSeconds(2));

        membership.proven(sent);

        assertThat(membership.isSure()).isTrue();
        time.advance(Duration.ofSeconds(7).minusNanos(1));
        assertThat(membership.isSure()).isTrue();
        time.advance(Duration.ofNanos(1));
        assertThat(membership.isSure()).isFalse();
    }

    @Test
    void aProofThatComesLateTakesNothingBack() {
        long early = time.ticker().getAsLong();
        time.advance(Duration.ofSeconds(1));
        membership.proven(time.ticker().getAsLong());

        membership.proven(early);

        time.advance(Duration.ofSeconds(9).minusNanos(1));
        assertThat(membership.isSure()).isTrue();
    }

    @Test
    void whatIsLostIsNotSure() {
        membership.proven(time.ticker().getAsLong());

        membership.lost();

        assertThat(membership.isSure()).isFalse();
    }

    @Test
    void whoWaitsForAProofIsWokenByIt() throws Exception {
        var waiting = new java.util.concurrent.CompletableFuture<Boolean>();
        var thread =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                waiting.complete(membership.await(Duration.ofMinutes(1)));
                            } catch (InterruptedException e) {
                                waiting.completeExceptionally(e);
                            }
                        });

        membership.proven(time.ticker().getAsLong());

        assertThat(waiting.get(10, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
        thread.join();
    }
}
