package dev.outmail.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LatencyProxyTest {
    private static final Duration WAY = Duration.ofMillis(50);

    @Test
    void whatIsSaidTakesItsTimeInEitherDirectionAndStaysWhatItIs() throws Exception {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var proxy = LatencyProxy.start("127.0.0.1", server.getLocalPort(), WAY);
                var client = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
                var upstream = server.accept()) {
            long start = System.nanoTime();

            client.getOutputStream().write("ping".getBytes(US_ASCII));
            var heard = new String(upstream.getInputStream().readNBytes(4), US_ASCII);
            upstream.getOutputStream().write("pong".getBytes(US_ASCII));
            upstream.shutdownOutput();
            var answer = new String(client.getInputStream().readAllBytes(), US_ASCII);

            assertThat(heard).isEqualTo("ping");
            assertThat(answer).isEqualTo("pong");
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isGreaterThanOrEqualTo(WAY.multipliedBy(2));
        }
    }
}
