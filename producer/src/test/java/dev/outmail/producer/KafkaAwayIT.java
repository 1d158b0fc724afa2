package dev.outmail.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.outmail.delivery.Reason;
import dev.outmail.settings.Timing;
import dev.outmail.testkit.kafka.KafkaProcess;
import dev.outmail.testkit.smtp.ScriptedSmtpServer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Without Kafka applications are kept waiting no longer than they were told, and hear of it.
class KafkaAwayIT {
    private static final Duration SLACK = Duration.ofSeconds(1);

    @Test
    void nobodyWaitsLongForAKafkaThatIsAwayNorForOneThatTakesConnectionsAndSaysNothing()
            throws Exception {
        try (var mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                var threads = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
            for (var one : threads.invokeAll(List.of(at(freePort()), at(mute.getLocalPort())))) {
                one.get();
            }
        }
    }

    private static Callable<Object> at(int port) {
        return () -> {
            nobodyWaitsLong(port);
            return port;
        };
    }

    private static void nobodyWaitsLong(int port) throws Exception {
        var outmail = new Site("127.0.0.1:" + port, "away.").connect();
        var published = outmail.publish(Site.mail("1").build());

        for (int i = 0; i < 3; i++) {
            long started = System.nanoTime();
            var refused =
                    catchThrowableOfType(
                            MailNotAccepted.class, () -> outmail.send(Site.mail("2").build()));
            assertThat(since(started)).isLessThan(Duration.ofMillis(500).plus(SLACK));
            assertThat(refused.reason()).isEqualTo(Reason.UNAVAILABLE);
        }
        assertThat(outmail.health()).isEqualTo(new Health(false, false, Map.of(), Map.of()));
        var failure =
                catchThrowableOfType(
                        ExecutionException.class,
                        () -> published.get(5_000 + SLACK.toMillis(), TimeUnit.MILLISECONDS));
        assertThat(failure).hasCauseInstanceOf(MailNotAccepted.class);
        long closing = System.nanoTime();
        outmail.close();
        assertThat(since(closing)).isLessThan(Duration.ofSeconds(5).plus(SLACK));
    }

    @Test
    void whenKafkaGoesAwayTheLastKnownSettingsHold(@TempDir Path data) throws Exception {
        try (var server = ScriptedSmtpServer.start();
                var kafka = KafkaProcess.start(data, 0)) {
            var site = Site.with(kafka.bootstrapServers(), "outmail.");
            site.save(Site.smtp(server.port()), Timing.INSTANTLY);
            var outmail = site.connect();
            outmail.deliverNow(Site.mail("1").build());
            kafka.kill();

            long started = System.nanoTime();
            assertThat(outmail.deliverNow(Site.mail("2").build()))
                    .isInstanceOf(Receipt.Delivered.class);
            assertThat(outmail.send(Site.mail("3").build())).isInstanceOf(Receipt.Delivered.class);
            assertThat(since(started)).isLessThan(Duration.ofSeconds(3));

            var published = outmail.publish(Site.mail("4").build());
            long closing = System.nanoTime();
            // Told by whichever comes first: the publication's own end, or closing.
            var told = catchThrowable(outmail::close);
            assertThat(since(closing)).isLessThan(Duration.ofSeconds(5).plus(SLACK));
            assertThat(published).isCompletedExceptionally();
            if (told != null) {
                assertThat(told)
                        .isInstanceOf(MailNotAccepted.class)
                        .hasMessageContaining("/tests#4");
            }
            assertThat(server.received()).hasSize(3);
        }
    }

    private static Duration since(long startedNanos) {
        return Duration.ofNanos(System.nanoTime() - startedNanos);
    }

    private static int freePort() throws Exception {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
