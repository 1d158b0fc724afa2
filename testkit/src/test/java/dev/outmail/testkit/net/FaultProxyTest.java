package dev.outmail.testkit.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class FaultProxyTest {
    private static final Duration ONE_WAY = Duration.ofMillis(100);

    private ServerSocket echo;
    private Thread echoing;
    private FaultProxy proxy;

    FaultProxyTest() throws IOException {
        echo = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        proxy = FaultProxy.start("localhost", echo.getLocalPort(), ONE_WAY);
    }

    @BeforeEach
    void echo() {
        echoing =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                while (true) {
                                    Socket one = echo.accept();
                                    Thread.ofVirtual().start(() -> echo(one));
                                }
                            } catch (IOException e) {
                                // closed
                            }
                        });
    }

    private static void echo(Socket one) {
        try (one) {
            one.getInputStream().transferTo(one.getOutputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        echo.close();
    }

    private Socket connect() throws IOException {
        var socket = new Socket(proxy.host(), proxy.port());
        socket.setSoTimeout(20_000); // an interrupt does not end a read
        return socket;
    }

    @Test
    void aRoundTripTakesTheDelayTwice() throws Exception {
        try (Socket socket = connect()) {
            long start = System.nanoTime();

            socket.getOutputStream().write('x');
            int answer = socket.getInputStream().read();

            assertThat(answer).isEqualTo('x');
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isGreaterThanOrEqualTo(ONE_WAY.multipliedBy(2));
        }
    }

    @Test
    void whatIsUnderWayTogetherIsDelayedOnce() throws Exception {
        try (Socket socket = connect()) {
            socket.setTcpNoDelay(true);
            long start = System.nanoTime();

            for (int i = 0; i < 20; i++) {
                socket.getOutputStream().write('x');
                socket.getOutputStream().flush();
            }
            socket.getInputStream().readNBytes(20);

            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isBetween(ONE_WAY.multipliedBy(2), ONE_WAY.multipliedBy(10));
        }
    }

    @Test
    void everyByteArrivesInOrderAndThenTheEnd() throws Exception {
        byte[] much = new byte[5_000_000];
        new Random(42).nextBytes(much);
        try (Socket socket = connect()) {
            Thread.ofVirtual()
                    .start(() -> {
                        try {
                            socket.getOutputStream().write(much);
                            socket.shutdownOutput();
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    });

            assertThat(socket.getInputStream().readAllBytes()).isEqualTo(much);
        }
    }

    @Test
    void whoseServerIsGoneIsDropped() throws Exception {
        echo.close();
        // the port is free only when nobody waits at it any more
        echoing.join();

        try (Socket socket = connect()) {
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void closingItDropsEverybody() throws Exception {
        try (Socket socket = connect()) {
            socket.getOutputStream().write('x');
            assertThat(socket.getInputStream().read()).isEqualTo('x');

            proxy.close();

            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void aSlowLineTakesItsTime() throws Exception {
        proxy.weather(Weather.far(Duration.ZERO).withBytesPerSecond(10_000));
        try (Socket socket = connect()) {
            long start = System.nanoTime();

            socket.getOutputStream().write(new byte[5_000]);
            socket.getInputStream().readNBytes(5_000);

            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isGreaterThan(Duration.ofMillis(450));
        }
    }

    @Test
    void slicesArriveOneByOne() throws Exception {
        proxy.weather(Weather.far(Duration.ZERO).withSlices(1));
        try (Socket socket = connect()) {
            socket.getOutputStream().write(new byte[50]);

            int reads = 0;
            for (int read = 0; read < 50; reads++) {
                read += socket.getInputStream().read(new byte[50]);
            }
            assertThat(reads).isGreaterThan(5);
        }
    }

    @Test
    void aConnectionIsResetAfterSoManyBytes() throws Exception {
        proxy.weather(Weather.far(Duration.ZERO).withCutAfter(10));
        try (Socket socket = connect()) {
            socket.getOutputStream().write(new byte[11]);

            assertThatThrownBy(() -> socket.getInputStream().readNBytes(11))
                    .isInstanceOf(SocketException.class);
        }
    }

    @Test
    void whoIsConnectedCanBeReset() throws Exception {
        try (Socket socket = connect()) {
            socket.getOutputStream().write('x');
            assertThat(socket.getInputStream().read()).isEqualTo('x');

            proxy.resetAll();

            assertThatThrownBy(() -> socket.getInputStream().read())
                    .isInstanceOf(SocketException.class);
        }
    }

    @Test
    void aLineThatIsDownRefusesUntilItIsUp() throws Exception {
        proxy.down();
        assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);

        proxy.up();

        try (Socket socket = connect()) {
            socket.getOutputStream().write('x');
            assertThat(socket.getInputStream().read()).isEqualTo('x');
        }
    }
}
