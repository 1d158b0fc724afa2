package dev.outmail.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class FleetPageIT {
    @RegisterExtension static final Rig RIG = new Rig();

    @Test
    void theFleetIsSeenWithItsRevisionsAndCharts() {
        try (var page = RIG.page("viewer")) {
            page.navigate(RIG.url("/fleet"));

            assertThat(page.locator("#now tbody tr")).hasCount(1);
            assertThat(page.locator("#now tbody tr")).containsText("w1");
            assertThat(page.locator("#now tbody tr")).containsText("default revision");
            assertThat(page.locator("canvas")).hasCount(4);
            Rig.screenshot(page, "fleet");
            page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
            page.reload();
            assertThat(page.locator("canvas")).hasCount(4);
            Rig.screenshot(page, "fleet-dark");
        }
    }
}
