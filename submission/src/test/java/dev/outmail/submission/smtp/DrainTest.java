package dev.outmail.submission.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ConnectException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class DrainTest {
    @Test
    void idleClientsAreSentAwayAndWhatIsUnderWayIsFinished() throws Exception {
        try (var rig = new Rig(Map.of());
                var idle = rig.connect();
                var midway = rig.connect()) {
            idle.begin();
            midway.begin().ask("MAIL FROM:<a@example.com>", "250 ");
            int port = rig.port();

            var closing = CompletableFuture.runAsync(rig::drain);

            idle.expect("421 4.3.2").expectEnd();
            assertThat(closing).isNotDone();
            midway.ask("RCPT TO:<ada@example.org>", "250 ").data();
            midway.say(Talk.MESSAGE + ".\r\n").expect("250 ").expect("421 4.3.2").expectEnd();
            closing.join();
            assertThat(rig.letterbox.taken()).hasSize(1);
            assertThatThrownBy(() -> new Talk(port)).isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void whoDoesNotComeToAnEndIsCutOff() throws Exception {
        try (var rig = new Rig(Map.of("smtp-in.drain-timeout", "300ms"));
                var midway = rig.connect()) {
            midway.begin().ask("MAIL FROM:<a@example.com>", "250 ");
            long started = System.nanoTime();

            rig.drain();

            assertThat(Duration.ofNanos(System.nanoTime() - started))
                    .isBetween(Duration.ofMillis(300), Duration.ofSeconds(5));
            midway.expectEnd();
        }
    }
}
