package dev.outmail.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.options.AriaRole;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PeopleIT {
    @RegisterExtension static final Rig RIG = new Rig();

    @Test
    void whoIsNotLoggedInGetsTheLoginPage() {
        try (var page = RIG.strangersPage()) {
            page.navigate(RIG.url("/log"));

            assertThat(page).hasURL(RIG.url("/login"));
            page.fill("#name", "nobody");
            page.fill("#password", "wrong password");
            page.click("button.primary");

            assertThat(page.getByRole(AriaRole.ALERT).first())
                    .containsText("Name or password is wrong");
            Rig.screenshot(page, "login");
        }
    }

    @Test
    void theFirstAdminInvitesOthersAndAllOfItIsWrittenDown() {
        try (var admin = RIG.page("admin");
                var operator = RIG.page("operator")) {
            admin.navigate(RIG.url("/people"));
            assertThat(admin.locator("tbody")).containsText("operator");
            Rig.screenshot(admin, "people");

            operator.navigate(RIG.url("/people"));
            assertThat(operator.locator("h1")).hasText("Not allowed");

            admin.navigate(RIG.url("/audit"));
            assertThat(admin.locator("tbody")).containsText("people.invite");
            assertThat(admin.locator("tbody")).containsText("operator");
            Rig.screenshot(admin, "audit");
        }
    }

    @Test
    void whoLogsOutIsOut() {
        try (var page = RIG.strangersPage()) {
            RIG.page("viewer").close();
            page.navigate(RIG.url("/login"));
            page.fill("#name", "viewer");
            page.fill("#password", Rig.PASSWORD);
            page.click("button.primary");
            var cookie = page.context().cookies().getFirst();
            assertThat(cookie.name).isEqualTo("__Host-outmail");
            assertThat(cookie.httpOnly && cookie.secure).isTrue();

            page.click("text=Log out");
            assertThat(page).hasURL(RIG.url("/login"));
            page.context().addCookies(List.of(cookie));
            page.navigate(RIG.url("/log"));

            assertThat(page).hasURL(RIG.url("/login"));
        }
    }
}
