package dev.outmail.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.outmail.mail.InvalidAddress;
import dev.outmail.mail.MailEvent;
import dev.outmail.settings.Settings;
import dev.outmail.settings.Timing;
import dev.outmail.testkit.Await;
import dev.outmail.testkit.kafka.KafkaBroker;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Recipients choose when they get their mail, as long as the admin lets them. Settings are Silent:
/// what is delivered instantly is silenced, and all else queued.
class PreferencesIT {
    @RegisterExtension static final KafkaBroker KAFKA = new KafkaBroker();

    private static final String ADA = "ada@example.org";
    private static final String BOB = "bob@example.org";

    private Site site;
    private int mails;

    @BeforeEach
    void prepare() throws InterruptedException {
        site = Site.with(KAFKA.bootstrapServers(), KAFKA.prefix());
    }

    @Test
    void aRecipientsChoiceDecidesAndIsChangedLive() {
        save(Timing.IN_BACKGROUND, true);
        try (var outmail = site.connect()) {
            assertThat(outmail.send(mail(ADA))).isInstanceOf(Receipt.Queued.class);

            outmail.preferences().set("ada@EXAMPLE.org", Timing.INSTANTLY);
            awaitReceipt(Receipt.Silenced.class, outmail, ADA);
            assertThat(outmail.send(mail(BOB))).isInstanceOf(Receipt.Queued.class);
            assertThat(outmail.send(mail(ADA, BOB))).isInstanceOf(Receipt.Queued.class);

            outmail.preferences().set(BOB, Timing.INSTANTLY);
            awaitReceipt(Receipt.Silenced.class, outmail, BOB);
            assertThat(outmail.send(mail(ADA, BOB))).isInstanceOf(Receipt.Queued.class);

            outmail.preferences().set(ADA, Timing.IN_BACKGROUND);
            awaitReceipt(Receipt.Queued.class, outmail, ADA);
            save(Timing.INSTANTLY, true);
            awaitReceipt(Receipt.Silenced.class, outmail, "eve@example.org");
            assertThat(outmail.send(mail(ADA))).isInstanceOf(Receipt.Queued.class);
            assertThat(outmail.send(mail(ADA, BOB))).isInstanceOf(Receipt.Silenced.class);

            outmail.preferences().clear(ADA);
            awaitReceipt(Receipt.Silenced.class, outmail, ADA);
        }
    }

    @Test
    void wherePeopleMayNotChooseEntriesAreKeptAndIgnored() {
        save(Timing.IN_BACKGROUND, false);
        try (var outmail = site.connect()) {
            outmail.preferences().set(ADA, Timing.INSTANTLY);
            assertThat(outmail.send(mail(ADA))).isInstanceOf(Receipt.Queued.class);

            save(Timing.IN_BACKGROUND, true);
            awaitReceipt(Receipt.Silenced.class, outmail, ADA);

            save(Timing.IN_BACKGROUND, false);
            awaitReceipt(Receipt.Queued.class, outmail, ADA);
            assertThat(outmail.preferences().show(ADA)).contains(Timing.INSTANTLY);
        }
    }

    @Test
    void anApplicationWithoutTheViewGoesByTheProfile() {
        save(Timing.IN_BACKGROUND, true);
        try (var with = site.connect();
                var without =
                        site.connect(Map.of("preferences.view", "off", "worker.id", "app-2"))) {
            without.preferences().set(ADA, Timing.INSTANTLY);
            awaitReceipt(Receipt.Silenced.class, with, ADA);

            assertThat(without.send(mail(ADA))).isInstanceOf(Receipt.Queued.class);
            assertThat(without.preferences().show(ADA)).contains(Timing.INSTANTLY);
        }
    }

    @Test
    void whatIsNoAddressIsRefused() {
        try (var outmail = site.connect()) {
            var preferences = outmail.preferences();

            assertThatExceptionOfType(InvalidAddress.class)
                    .isThrownBy(() -> preferences.set("ada", Timing.INSTANTLY));
            assertThatExceptionOfType(InvalidAddress.class)
                    .isThrownBy(() -> preferences.show("Ada <ada@example.org>"));
            assertThatExceptionOfType(InvalidAddress.class).isThrownBy(() -> preferences.clear(""));
        }
    }

    private void save(Timing timing, boolean usersMayChoose) {
        site.save(
                MailEvent.DEFAULT_PROFILE,
                Settings.INITIAL.withTiming(timing).withUsersMayChoose(usersMayChoose));
    }

    private void awaitReceipt(Class<? extends Receipt> kind, Outmail outmail, String recipient) {
        Await.until(
                Site.PATIENCE,
                () -> kind.isInstance(outmail.send(mail(recipient))),
                "mail to " + recipient + " is " + kind.getSimpleName());
    }

    private MailEvent mail(String... recipients) {
        return MailEvent.builder()
                .source("/tests")
                .id("mail-" + ++mails)
                .from("Projects <projects@example.com>")
                .to(recipients)
                .subject("You have a new task")
                .text("…")
                .build();
    }
}
