package dev.outmail.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.outmail.delivery.Reason;
import dev.outmail.delivery.RecipientVerdict;
import dev.outmail.delivery.RecipientVerdict.Verdict;
import dev.outmail.delivery.mime.MessageId;
import dev.outmail.mail.MailEvent;
import dev.outmail.settings.Connection;
import dev.outmail.settings.Timing;
import dev.outmail.testkit.kafka.KafkaBroker;
import dev.outmail.testkit.smtp.Act;
import dev.outmail.testkit.smtp.ScriptedSmtpServer;
import dev.outmail.wire.LogEntry;
import dev.outmail.wire.OutcomeName;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Delivery in the caller's thread says at once what came of it, and logs it like a worker.
class InstantDeliveryIT {
    @RegisterExtension static final KafkaBroker KAFKA = new KafkaBroker();

    private final MailEvent mail = Site.mail("1").cc("bob@example.org").build();
    private Site site;

    @BeforeEach
    void prepare() throws InterruptedException {
        site = Site.with(KAFKA.bootstrapServers(), KAFKA.prefix());
    }

    @Test
    void whatTheServerTookIsDelivered() throws Exception {
        try (var server = ScriptedSmtpServer.start()) {
            site.save(Site.smtp(server.port()), Timing.IN_BACKGROUND);
            try (var outmail = site.connect()) {
                var receipt = (Receipt.Delivered) outmail.deliverNow(mail);

                assertThat(receipt.messageId()).isEqualTo(MessageId.of(mail.id()));
                assertThat(receipt.server()).isEqualTo("localhost:" + server.port());
                assertThat(receipt.recipients())
                        .extracting(RecipientVerdict::verdict)
                        .containsExactly(Verdict.ACCEPTED, Verdict.ACCEPTED);
                assertThat(server.received()).hasSize(1);
            }
            var entry = logged();
            assertThat(entry.outcome()).isEqualTo(OutcomeName.SENT);
            assertThat(entry.worker()).isEqualTo("app-1");
            assertThat(entry.record()).isNull();
            assertThat(entry.attempt()).isEqualTo(1);
            assertThat(entry.revision()).isEqualTo(1);
            assertThat(entry.recipients()).hasSize(2);
        }
    }

    @Test
    void whatTheApplicationsDeploymentLocksHolds() throws Exception {
        try (var server = ScriptedSmtpServer.start()) {
            site.save(Site.smtp(server.port()), Timing.IN_BACKGROUND);
            var locks =
                    Map.of(
                            "lock.*.redirectTo", "tester@example.com",
                            "lock.default.onlyTo", "bob@example.org");
            try (var outmail = site.connect(locks)) {
                var receipt = (Receipt.Delivered) outmail.deliverNow(mail);

                assertThat(receipt.recipients())
                        .extracting(said -> said.recipient().localPart(), RecipientVerdict::verdict)
                        .containsExactly(
                                tuple("bob", Verdict.ACCEPTED), tuple("ada", Verdict.DROPPED));
                assertThat(server.received())
                        .singleElement()
                        .satisfies(received ->
                                assertThat(received.recipients())
                                        .containsExactly("<tester@example.com>"));
            }
            assertThat(logged().reason()).isEqualTo("redirected");
        }
    }

    @Test
    void silentMailIsSilenced() {
        site.save(new Connection.Silent(), Timing.INSTANTLY);
        try (var outmail = site.connect()) {
            assertThat(outmail.deliverNow(mail))
                    .isEqualTo(new Receipt.Silenced(MessageId.of(mail.id())));
        }
        assertThat(logged().outcome()).isEqualTo(OutcomeName.SILENCED);
    }

    @Test
    void outcomesAreCloudEventsOnRequest() {
        site.save(new Connection.Silent(), Timing.INSTANTLY);
        try (var outmail = site.connect(Map.of("outcomes.cloudevents", "on"))) {
            outmail.deliverNow(mail);
        }

        var headers = KAFKA.readAll(site.topics().log()).getFirst().headers();
        assertThat(headers.lastHeader("ce_type").value())
                .asString()
                .isEqualTo("dev.outmail.mail.silenced.v1");
        assertThat(headers.lastHeader("ce_subject").value()).asString().isEqualTo("/tests#1");
    }

    @Test
    void disabledMailIsDropped() {
        site.save(new Connection.Disabled(), Timing.INSTANTLY);
        try (var outmail = site.connect()) {
            assertThat(outmail.deliverNow(mail))
                    .isEqualTo(new Receipt.Dropped("disabled: outgoing mail is disabled"));
        }
        assertThat(logged().outcome()).isEqualTo(OutcomeName.DROPPED);
    }

    @Test
    void whoWasRefusedForGoodIsNamed() throws Exception {
        try (var server = ScriptedSmtpServer.start()) {
            server.on("RCPT TO:<bob@", "550 5.1.1 no such user");
            site.save(Site.smtp(server.port()), Timing.INSTANTLY);
            try (var outmail = site.connect()) {
                var rejected =
                        catchThrowableOfType(MailRejected.class, () -> outmail.deliverNow(mail));

                assertThat(rejected.reason()).isEqualTo(Reason.UNKNOWN_RECIPIENT);
                assertThat(rejected).hasMessageContaining("no such user");
                assertThat(rejected.recipients())
                        .extracting(RecipientVerdict::verdict)
                        .containsExactlyInAnyOrder(Verdict.ACCEPTED, Verdict.REJECTED);
            }
            assertThat(logged().outcome()).isEqualTo(OutcomeName.REJECTED);
        }
    }

    @Test
    void whatIsPutOffIsNotTriedAgainByAnyone() throws Exception {
        try (var server = ScriptedSmtpServer.start()) {
            server.on(".", "451 4.3.0 try again later");
            site.save(Site.smtp(server.port()), Timing.INSTANTLY);
            try (var outmail = site.connect()) {
                var deferred =
                        catchThrowableOfType(MailDeferred.class, () -> outmail.deliverNow(mail));

                assertThat(deferred).hasMessageContaining("try again later");
                assertThat(deferred.recipients())
                        .extracting(RecipientVerdict::verdict)
                        .containsExactly(Verdict.DEFERRED, Verdict.DEFERRED);
            }
            assertThat(logged().outcome()).isEqualTo(OutcomeName.DEFERRED);
            assertThat(server.received()).hasSize(1);
            assertThat(KAFKA.readAll(site.topics().events())).isEmpty();
        }
    }

    @Test
    void aServerThatIsNotThereDefersTheMail() throws Exception {
        int port;
        try (var server = ScriptedSmtpServer.start()) {
            port = server.port();
        }
        site.save(Site.smtp(port), Timing.INSTANTLY);
        try (var outmail = site.connect()) {
            var deferred = catchThrowableOfType(MailDeferred.class, () -> outmail.deliverNow(mail));

            assertThat(deferred.reason()).isEqualTo(Reason.UNREACHABLE);
            assertThat(deferred.recipients()).isEmpty();
        }
        assertThat(logged().outcome()).isEqualTo(OutcomeName.DEFERRED);
    }

    @Test
    void anAnswerThatWasLostLeavesTheMailInDoubt() throws Exception {
        try (var server = ScriptedSmtpServer.start()) {
            server.on(".", Act.close());
            site.save(Site.smtp(server.port()), Timing.INSTANTLY);
            try (var outmail = site.connect()) {
                var doubt = catchThrowableOfType(MailInDoubt.class, () -> outmail.deliverNow(mail));

                assertThat(doubt.reason()).isEqualTo(Reason.ANSWER_LOST);
                assertThat(doubt.recipients())
                        .extracting(RecipientVerdict::verdict)
                        .containsExactly(Verdict.IN_DOUBT, Verdict.IN_DOUBT);
            }
            assertThat(logged().outcome()).isEqualTo(OutcomeName.IN_DOUBT);
            assertThat(server.received()).hasSize(1);
        }
    }

    @Test
    void withoutSettingsForItsProfileMailIsHeld() {
        try (var outmail = site.connect()) {
            var held = catchThrowableOfType(MailHeld.class, () -> outmail.deliverNow(mail));

            assertThat(held.reason()).isEqualTo(Reason.NO_SETTINGS);
        }
        assertThat(logged().outcome()).isEqualTo(OutcomeName.HELD);
    }

    /// The one entry of the log: closing has waited for it.
    private LogEntry logged() {
        var records = KAFKA.readAll(site.topics().log());
        assertThat(records).hasSize(1);
        return Site.logEntry(records.getFirst());
    }
}
