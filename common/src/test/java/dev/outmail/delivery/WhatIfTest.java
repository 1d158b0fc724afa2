package dev.outmail.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.delivery.WhatIf.Change;
import dev.outmail.delivery.WhatIf.Fate;
import dev.outmail.delivery.WhatIf.Kind;
import dev.outmail.mail.MailEvent;
import dev.outmail.mail.MailEventBuilder;
import dev.outmail.settings.Connection;
import dev.outmail.settings.ProfileSettings;
import dev.outmail.settings.Settings;
import dev.outmail.settings.SettingsSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WhatIfTest {
    private static final Instant AT = Instant.parse("2026-01-15T12:00:00Z");
    private static final Fate SILENCED = new Fate(Kind.SILENCED, "");
    private static final Fate SENT = new Fate(Kind.SENT, "smtp.example.com:25");

    private static SettingsSnapshot by(Connection connection) {
        var settings = Settings.INITIAL.withConnection(connection);
        return new SettingsSnapshot(Map.of("default", new ProfileSettings("default", 1, settings)));
    }

    private static Connection smtp() {
        return new Connection.SmtpServer(
                "smtp.example.com", 25, Connection.Security.NONE, null, 10, null);
    }

    private static MailEventBuilder mail() {
        return anonymous().from("app@example.com");
    }

    private static MailEventBuilder anonymous() {
        return MailEvent.builder()
                .id("1")
                .source("/tests")
                .to("ada@example.org")
                .subject("s")
                .text("t");
    }

    @Test
    void countsWhatBecomesOfEventsByBothAndWhatChanges() {
        var whatIf = new WhatIf(by(new Connection.Silent()), by(smtp()));

        assertThat(whatIf.add(mail().build(), AT)).isEqualTo(SILENCED);
        whatIf.add(mail().build(), AT);
        var held = whatIf.add(mail().profile("other").build(), AT);

        assertThat(held).isEqualTo(new Fate(Kind.HELD, "unknown-profile"));
        assertThat(whatIf.byCurrent()).isEqualTo(Map.of(SILENCED, 2L, held, 1L));
        assertThat(whatIf.byProposed()).isEqualTo(Map.of(SENT, 2L, held, 1L));
        assertThat(whatIf.changes()).isEqualTo(Map.of(new Change(SILENCED, SENT), 2L));
    }

    @Test
    void theSameSettingsChangeNothing() {
        var whatIf = new WhatIf(by(smtp()), by(smtp()));

        whatIf.add(mail().build(), AT);

        assertThat(whatIf.changes()).isEmpty();
    }

    @Test
    void disabledDropsTheNativeMailerSendsAndWhoHasNoSenderIsHeld() {
        var whatIf = new WhatIf(by(new Connection.Disabled()), by(new Connection.NativeMailer()));

        whatIf.add(anonymous().build(), AT);
        whatIf.add(mail().build(), AT);

        assertThat(whatIf.byCurrent()).isEqualTo(Map.of(new Fate(Kind.DROPPED, "disabled"), 2L));
        assertThat(whatIf.byProposed())
                .isEqualTo(
                        Map.of(
                                new Fate(Kind.SENT, "native mailer"),
                                1L,
                                new Fate(Kind.HELD, "no-sender"),
                                1L));
    }

    @Test
    void anEventIsDecidedUponAsOfItsTime() {
        var whatIf = new WhatIf(by(smtp()), by(smtp()));

        var later = whatIf.add(mail().sendAt(AT.plus(Duration.ofDays(3))).build(), AT);
        var late = whatIf.add(mail().expiresAt(AT.minusSeconds(1)).build(), AT);

        assertThat(later).isEqualTo(SENT);
        assertThat(late).isEqualTo(new Fate(Kind.EXPIRED, ""));
    }
}
