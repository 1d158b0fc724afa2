package dev.outmail.delivery.smtp;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class GuardedSocketTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final ManualTicker ticker = new ManualTicker();
    private final GuardedSocket ours = new GuardedSocket(ticker, PATIENCE);
    private final Socket theirs;

    GuardedSocketTest() throws IOException {
        try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ours.connect(
                    new InetSocketAddress(
                            InetAddress.getLoopbackAddress(), listener.getLocalPort()));
            theirs = listener.accept();
        }
    }

    @AfterEach
    void stop() throws IOException {
        ours.closeQuietly();
        theirs.close();
    }

    private void write(String text) throws IOException {
        ours.getOutputStream().write(text.getBytes(US_ASCII));
        ours.getOutputStream().flush();
    }

    private void theySay(String text) throws IOException {
        theirs.getOutputStream().write(text.getBytes(US_ASCII));
    }

    @Test
    void eachOfSeveralAnswersHasItsOwnTime() throws Exception {
        theySay("xy");
        write("one");
        ticker.advance(PATIENCE.minusSeconds(1));
        ours.getInputStream().read();

        ours.expectNextAnswer();
        ticker.advance(PATIENCE.minusSeconds(1));

        assertThat(ours.getInputStream().read()).isEqualTo('y');
    }

    @Test
    void noAnswerMayTakeLonger() throws Exception {
        theySay("x");
        write("one");
        ticker.advance(PATIENCE);

        assertThatThrownBy(() -> ours.getInputStream().read())
                .isInstanceOf(SocketTimeoutException.class);
    }

    @Test
    void eachOfSeveralAnswersHasItsOwnRoom() throws Exception {
        int most = GuardedSocket.MOST_HEARD_IN_A_ROW;
        theySay("x".repeat(most));
        theySay("y");
        write("one");
        for (int i = 0; i < most; i++) {
            assertThat(ours.getInputStream().read()).isEqualTo('x');
        }
        assertThatThrownBy(() -> ours.getInputStream().read()).hasMessageContaining("in a row");

        ours.expectNextAnswer();

        assertThat(ours.getInputStream().read()).isEqualTo('y');
    }
}
