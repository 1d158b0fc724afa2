package dev.outmail.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.outmail.mail.EmailAddress;
import dev.outmail.mail.MailEvent;
import dev.outmail.settings.AllowList;
import dev.outmail.settings.Connection;
import dev.outmail.settings.Guards;
import dev.outmail.settings.Settings;
import dev.outmail.testkit.kafka.KafkaBroker;
import dev.outmail.testkit.smtp.Act;
import dev.outmail.testkit.smtp.Received;
import dev.outmail.testkit.smtp.ScriptedSmtpServer;
import dev.outmail.wire.LogEntry;
import dev.outmail.wire.OutcomeName;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Guards that are set, changed and lifted while mail is on its way.
class GuardsIT {
    @RegisterExtension static final KafkaBroker KAFKA = new KafkaBroker();

    private static final Guards ONLY_ORG =
            Guards.NONE.withOnlyTo(AllowList.of(List.of("example.org")));
    private static final Guards REDIRECTED =
            Guards.NONE.withRedirectTo(EmailAddress.parse("tester@example.com"));

    private Site site;

    @BeforeEach
    void prepare() throws InterruptedException {
        site = Site.with(KAFKA, 1);
    }

    @AfterEach
    void close() {
        site.close();
    }

    private void save(ScriptedSmtpServer server, Guards guards) throws InterruptedException {
        site.save(
                MailEvent.DEFAULT_PROFILE,
                Settings.INITIAL.withConnection(Site.smtp(server.port())).withGuards(guards));
    }

    @Test
    void eachMailIsGuardedByTheSettingsOfItsMoment() throws Exception {
        try (var server = ScriptedSmtpServer.start()) {
            site.start();
            save(server, REDIRECTED);
            site.publish(Site.mail("1").cc("bob@example.org").bcc("eve@example.net"));
            var redirected = site.awaitLog("1", OutcomeName.SENT);
            save(server, Guards.NONE);
            site.publish(Site.mail("2"));
            site.awaitLog("2", OutcomeName.SENT);
            save(server, ONLY_ORG);
            site.publish(Site.mail("3").cc("eve@example.net"));
            var partly = site.awaitLog("3", OutcomeName.SENT);
            save(server, Guards.NONE.withOnlyTo(AllowList.of(List.of(".example.org"))));
            site.publish(Site.mail("4"));
            var dropped = site.awaitLog("4", OutcomeName.DROPPED);

            assertThat(server.received())
                    .extracting(Received::recipients)
                    .containsExactly(
                            List.of("<tester@example.com>"),
                            List.of("<ada@example.org>"),
                            List.of("<ada@example.org>"));
            assertThat(server.received().getFirst().text())
                    .contains("To: Ada <ada@example.org>", "Cc: bob@example.org")
                    .doesNotContain("eve@", "tester@");
            assertThat(redirected.reason()).isEqualTo("redirected");
            assertThat(redirected.detail()).startsWith("redirected to tester@example.com: 250");
            assertThat(recipients(redirected))
                    .containsExactly(
                            "ada@example.org accepted redirected",
                            "bob@example.org accepted redirected",
                            "eve@example.net accepted redirected");
            assertThat(recipients(partly))
                    .containsExactly(
                            "ada@example.org accepted accepted",
                            "eve@example.net dropped not-allowed");
            assertThat(dropped.reason()).isEqualTo("not-allowed");
            assertThat(recipients(dropped)).containsExactly("ada@example.org dropped not-allowed");
            site.awaitAllCommitted();
        }
    }

    @Test
    void whoWasKeptBackGetsNothingWhenTheGuardIsLiftedBeforeTheRetry() throws Exception {
        try (var server = ScriptedSmtpServer.start()) {
            server.on("RCPT TO:<grey@", "451 4.7.1 greylisted, try again later");
            site.start();
            save(server, ONLY_ORG);
            site.publish(Site.mail("1").cc("grey@example.org").bcc("eve@example.net"));
            site.awaitLog("1", OutcomeName.DEFERRED);

            save(server, Guards.NONE);
            server.behave();
            var sent = site.awaitLog("1", OutcomeName.SENT);

            assertThat(server.received())
                    .extracting(Received::recipients)
                    .containsExactly(List.of("<ada@example.org>"), List.of("<grey@example.org>"));
            assertThat(sent.recipients())
                    .extracting(LogEntry.Recipient::address, LogEntry.Recipient::verdict)
                    .containsExactlyInAnyOrder(
                            tuple("ada@example.org", "accepted"),
                            tuple("grey@example.org", "accepted"),
                            tuple("eve@example.net", "dropped"));
            assertThat(site.deadLetters()).isEmpty();
            site.awaitAllCommitted();
        }
    }

    @Test
    void aRedirectedMailInDoubtIsSentOnceMoreAndNotToEachOfItsRecipients() throws Exception {
        try (var server = ScriptedSmtpServer.start()) {
            server.once(".", Act.close());
            site.start();
            save(server, REDIRECTED);

            site.publish(Site.mail("1").cc("bob@example.org"));

            site.awaitLog("1", OutcomeName.IN_DOUBT);
            site.awaitLog("1", OutcomeName.SENT);
            assertThat(server.received())
                    .extracting(Received::recipients)
                    .containsExactly(
                            List.of("<tester@example.com>"), List.of("<tester@example.com>"));
            site.awaitAllCommitted();
        }
    }

    @Test
    void whatTheDeploymentLocksHoldsWhateverIsSaved() throws Exception {
        try (var server = ScriptedSmtpServer.start()) {
            site.start(Map.of("lock.*.redirectTo", "locked@example.com"));
            save(server, REDIRECTED);
            site.publish(Site.mail("1"));
            site.awaitLog("1", OutcomeName.SENT);
            save(server, Guards.NONE);
            site.publish(Site.mail("2"));
            site.awaitLog("2", OutcomeName.SENT);

            assertThat(server.received())
                    .extracting(Received::recipients)
                    .containsOnly(List.of("<locked@example.com>"))
                    .hasSize(2);
        }
    }

    @Test
    void mailIsHeldWhileSettingsAreNoneWithWhatIsLocked() throws Exception {
        try (var server = ScriptedSmtpServer.start()) {
            site.save(new Connection.Silent());
            var worker = site.start(Map.of("lock.default.connection.mode", "smtp"));
            site.publish(Site.mail("1"));

            var held = site.awaitLog("1", OutcomeName.HELD);
            assertThat(held.reason()).isEqualTo("invalid-lock");
            assertThat(held.detail()).contains("connection.host: is missing");
            assertThat(site.get(worker, "/health/ready").body())
                    .contains("locks of this deployment", "default");

            save(server, Guards.NONE);
            site.awaitLog("1", OutcomeName.SENT);
            assertThat(server.received()).hasSize(1);
            assertThat(site.get(worker, "/health/ready").statusCode()).isEqualTo(200);
        }
    }

    /// Address, verdict and reason of each.
    private static List<String> recipients(LogEntry entry) {
        return entry.recipients().stream()
                .map(r -> r.address() + " " + r.verdict() + " " + r.reason())
                .toList();
    }
}
