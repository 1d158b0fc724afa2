package dev.outmail.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.mail.MailEvent;
import dev.outmail.settings.Binding;
import dev.outmail.settings.Connection.Login;
import dev.outmail.settings.Connection.SmtpServer;
import dev.outmail.settings.KeyRing;
import dev.outmail.settings.Settings;
import dev.outmail.testkit.kafka.KafkaBroker;
import dev.outmail.testkit.smtp.ScriptedSmtpServer;
import dev.outmail.wire.OutcomeName;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A worker whose ring lacks the key that a profile's password is sealed with.
class SealedPasswordIT {
    @RegisterExtension static final KafkaBroker KAFKA = new KafkaBroker();

    private static final String K1 = KeyRing.generate("k1");
    private static final String K2 = KeyRing.generate("k2");

    private Site site;

    @BeforeEach
    void prepare() throws InterruptedException {
        site = Site.with(KAFKA, 1);
    }

    @AfterEach
    void close() {
        site.close();
    }

    private SmtpServer sealed(int port, String key) {
        var open = Site.smtp(port);
        var topic = site.topics().settings();
        var binding = Binding.of(topic, MailEvent.DEFAULT_PROFILE, open, "app");
        return open.withLogin(new Login("app", KeyRing.read(key).seal("hunter2", binding)));
    }

    @Test
    void itsMailWaitsAndThatOfOthersGoesAndTheWorkerIsNotReady() throws Exception {
        try (var server = ScriptedSmtpServer.start().requireLogin("app", "hunter2")) {
            var worker = site.start(Map.of("secrets.keys", K2));
            site.save(sealed(server.port(), K1));
            site.save("other", Settings.INITIAL);

            site.publish(Site.mail("1"));
            site.publish(Site.mail("2").profile("other"));

            var deferred = site.awaitLog("1", OutcomeName.DEFERRED);
            assertThat(deferred.reason()).isEqualTo("login-failed");
            assertThat(deferred.detail()).contains("sealed with the key 'k1'", "has here k2");
            site.awaitLog("2", OutcomeName.SILENCED);
            assertThat(server.connections()).isZero();
            var ready = site.get(worker, "/health/ready");
            assertThat(ready.statusCode()).isEqualTo(503);
            assertThat(ready.body()).contains("'default' waits", "sealed with the key 'k1'");
            assertThat(site.get(worker, "/health/live").statusCode()).isEqualTo(200);

            site.save(sealed(server.port(), K2));

            site.awaitLog("1", OutcomeName.SENT);
            assertThat(server.received()).allMatch(message -> message.user().equals("app"));
            assertThat(site.get(worker, "/health/ready").statusCode()).isEqualTo(200);
        }
    }
}
