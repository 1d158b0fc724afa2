package dev.outmail.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.mail.MailEvent;
import dev.outmail.mail.MailEventBuilder;
import dev.outmail.settings.Settings;
import dev.outmail.testkit.Await;
import dev.outmail.testkit.kafka.KafkaBroker;
import dev.outmail.testkit.smtp.Act;
import dev.outmail.testkit.smtp.ScriptedSmtpServer;
import dev.outmail.wire.OutcomeName;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Mail that can't go now leaves room for mail that can: of other profiles, and for other domains.
class RoomForOthersIT {
    @RegisterExtension static final KafkaBroker KAFKA = new KafkaBroker();

    private final CountDownLatch goesOn = new CountDownLatch(1);
    private Site site;

    @BeforeEach
    void prepare() throws InterruptedException {
        site = Site.with(KAFKA, 1);
    }

    @AfterEach
    void close() {
        goesOn.countDown();
        site.close();
    }

    private Act okInTheEnd() {
        return peer -> {
            try {
                goesOn.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            peer.say("250 ok");
        };
    }

    @Test
    void mailOfAnotherProfilePassesABacklogForAServerThatHangs() throws Exception {
        try (var server = ScriptedSmtpServer.start();
                var other = ScriptedSmtpServer.start()) {
            site.start(Map.of("worker.max-in-flight", "40"));
            site.save(Site.smtp(server.port(), 1));
            site.save("other", Settings.INITIAL.withConnection(Site.smtp(other.port(), 1)));
            site.publish(Site.mail("first"));
            site.publish(Site.mail("other-first").profile("other"));
            site.awaitLogged(2, OutcomeName.SENT);
            server.on("MAIL", okInTheEnd());

            for (int i = 0; i < 100; i++) {
                site.publish(Site.mail("hangs-" + i));
            }
            for (int i = 0; i < 20; i++) {
                site.publish(Site.mail("other-" + i).profile("other"));
            }

            site.awaitLogged(22, OutcomeName.SENT);
            assertThat(other.received()).hasSize(21);
            goesOn.countDown();
            site.awaitLogged(122, OutcomeName.SENT);
            assertThat(server.received()).hasSize(101);
            assertThat(site.log(OutcomeName.DUPLICATE)).isEmpty();
            site.awaitAllCommitted();
        }
    }

    @Test
    void mailForOtherDomainsPassesMailForASlowOne() throws Exception {
        try (var server = ScriptedSmtpServer.start()) {
            server.on("RCPT TO:<slow@tarpit", okInTheEnd());
            site.start(Map.of("worker.max-in-flight", "10"));
            site.save(Site.smtp(server.port(), 10));
            for (int i = 0; i < 20; i++) {
                site.publish(Site.mail("first-" + i));
            }
            site.awaitLogged(20, OutcomeName.SENT);
            for (int i = 0; i < 5; i++) {
                site.publish(slow(i));
            }
            server.await("half", () -> toTarpit(server) == 5);
            long since = System.nanoTime();
            Await.until(
                    Site.PATIENCE,
                    () -> System.nanoTime() - since > Duration.ofSeconds(1).toNanos(),
                    "they take unusually long");

            for (int i = 5; i < 30; i++) {
                site.publish(slow(i));
            }
            for (int i = 0; i < 20; i++) {
                site.publish(Site.mail("other-" + i));
            }

            site.awaitLogged(40, OutcomeName.SENT);
            assertThat(toTarpit(server)).isEqualTo(5);
            goesOn.countDown();
            site.awaitLogged(70, OutcomeName.SENT);
            assertThat(server.received()).hasSize(70);
            assertThat(site.log(OutcomeName.DUPLICATE)).isEmpty();
            site.awaitAllCommitted();
        }
    }

    private static MailEventBuilder slow(int number) {
        return MailEvent.builder()
                .id("slow-" + number)
                .source("/tests")
                .from("projects@example.com")
                .to("slow@tarpit.example")
                .subject("Slow")
                .text("Slow");
    }

    private static long toTarpit(ScriptedSmtpServer server) {
        return server.heard().stream()
                .filter(heard -> heard.line().startsWith("RCPT TO:<slow@tarpit"))
                .count();
    }
}
