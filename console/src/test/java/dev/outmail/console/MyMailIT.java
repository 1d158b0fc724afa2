package dev.outmail.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.mail.EmailAddress;
import dev.outmail.preferences.PreferencesStore;
import dev.outmail.settings.KeyRing;
import dev.outmail.settings.Settings;
import dev.outmail.settings.Timing;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class MyMailIT {
    @RegisterExtension static final Rig RIG = new Rig();

    private static String link(String address, long until) {
        var text = "my-mail\ndefault\n" + address + "\n" + until + "\n";
        return RIG.url(
                "/my-mail?profile=default&address=%s&until=%d&signature=%s"
                        .formatted(address, until, KeyRing.read(Rig.LINK_KEYS).sign(text)));
    }

    @Test
    void whoHasTheLinkChoosesForThatAddressAlone() throws InterruptedException {
        RIG.save(Settings.INITIAL.withUsersMayChoose(true));
        long tomorrow = Instant.now().getEpochSecond() + 86_400;
        try (var page = RIG.strangersPage();
                var preferences = new PreferencesStore(RIG.clients(), RIG.deployment().topics())) {
            page.navigate(link("ada@example.org", tomorrow));
            page.check("input[value=instantly]");
            page.click("button.primary");
            assertThat(page.locator("main")).containsText("Saved");
            Rig.screenshot(page, "my-mail");
            assertThat(preferences.read(EmailAddress.parse("ada@example.org")))
                    .contains(Timing.INSTANTLY);

            var forged = link("ada@example.org", tomorrow).replace("ada@", "bob@");
            assertThat(page.navigate(forged).status()).isEqualTo(403);
            var old = link("ada@example.org", Instant.now().getEpochSecond() - 1);
            assertThat(page.navigate(old).status()).isEqualTo(403);
        } finally {
            RIG.save(Settings.INITIAL);
        }
    }
}
