package dev.outmail.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import dev.outmail.mail.EmailAddress;
import dev.outmail.mail.MailEvent;
import dev.outmail.settings.Connection;
import dev.outmail.settings.Sender;
import dev.outmail.settings.Settings;
import dev.outmail.testkit.smtp.ScriptedSmtpServer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class OutgoingMailIT {
    @RegisterExtension static final Rig RIG = new Rig();

    private static final String FROM = "notifications@example.com";

    @BeforeEach
    void silentWithASender() throws InterruptedException {
        RIG.save(
                Settings.INITIAL.withSender(
                        new Sender(EmailAddress.parse(FROM), "Projects", false)));
    }

    private static Page settings(String query) {
        var page = RIG.page("admin");
        page.navigate(RIG.url("/settings/default" + query));
        assertThat(page.locator("#review")).not().isEmpty();
        return page;
    }

    private static void choose(Page page, String mode) {
        page.check("input[name='connection.mode'][value=" + mode + "]");
    }

    private static Settings saved() {
        return RIG.store().read().profile("default").orElseThrow().settings();
    }

    @Test
    void aSaveShowsWhatChangesAndFollowsTheFleet() {
        try (var page = settings("");
                var server = ScriptedSmtpServer.start().requireLogin("outmail", "secret word")) {
            assertThat(page.locator("#f-connection-host")).isHidden();
            choose(page, "smtp");
            assertThat(page.locator("#f-connection-host")).isVisible();
            page.selectOption("#preset", "smtp.gmail.com");
            assertThat(page.locator("#f-connection-port")).hasValue("587");
            assertThat(page.locator("#review")).containsText("smtp.gmail.com");
            Rig.screenshot(page, "outgoing-mail");

            page.fill("#f-connection-host", server.host());
            page.fill("#f-connection-port", "" + server.port());
            page.selectOption("#f-connection-security", "none");
            page.fill("#f-connection-username", "outmail");
            page.fill("input[name=password-new]", "secret word");
            page.fill("#f-onlyTo", "example.org, .example.org");
            page.fill("#why", "The old server retires");
            assertThat(page.locator("#review")).containsText("silent");
            assertThat(page.locator("#review")).not().containsText("secret word");
            page.click("button.primary");

            assertThat(page.locator("#follow"))
                    .hasText(Pattern.compile("applied by 1 of 1 worker in \\d+ ms"));
            assertThat(page.locator("input[value=stored]")).isChecked();
            Rig.screenshot(page, "outgoing-mail-saved");
            assertThat(saved().connection()).isInstanceOf(Connection.SmtpServer.class);
            assertThat(saved().guards().allows(EmailAddress.parse("ada@example.com"))).isFalse();

            testsTheStoredPasswordForItsServerAlone(page, server);
            page.navigate(RIG.url("/settings/default/history"));
            assertThat(page.locator("tbody tr").first()).containsText("The old server retires");
            assertThat(page.locator("tbody tr").first()).containsText("admin");
            Rig.screenshot(page, "history");
        }
    }

    private static void testsTheStoredPasswordForItsServerAlone(
            Page page, ScriptedSmtpServer server) {
        page.fill("#test-to", "ada@example.org");
        page.check("input[name=test-send]");
        page.click("text=Test connection >> nth=1");
        assertThat(page.locator("#test")).containsText("All of it works.");
        assertThat(page.locator("#test .steps")).containsText("Test mail");
        Rig.screenshot(page, "test-connection");
        assertThat(server.received()).hasSize(1);

        page.click("text=Send a test mail through a worker");
        assertThat(page.locator("#test")).containsText("sent by w1");
        assertThat(page.locator("#test")).containsText("A worker can send for this profile.");
        assertThat(server.received()).hasSize(2);

        try (var elsewhere = ScriptedSmtpServer.start().requireLogin("outmail", "secret word")) {
            page.fill("#f-connection-port", "" + elsewhere.port());
            page.click("text=Test connection >> nth=1");
            assertThat(page.locator("#test")).containsText("Not tried");
            assertThat(elsewhere.connections()).isZero();
        }
    }

    @Test
    void whatIsWrongIsSaidBesideItsField() {
        try (var page = settings("")) {
            choose(page, "smtp");
            page.fill("#f-connection-host", "smtp.example.com");
            page.fill("#f-connection-port", "70000");
            page.fill("#f-redirectTo", "nobody");

            assertThat(page.locator("[data-error-of='connection.port']"))
                    .containsText("1 to 65535");
            page.click("button.primary");
            assertThat(page.locator("#outcome")).containsText("Not saved");
            assertThat(saved().connection()).isEqualTo(new Connection.Silent());
            Rig.screenshot(page, "outgoing-mail-wrong");
        }
    }

    @Test
    void whoSavesUponAnothersSaveIsToldWhatChanged() throws InterruptedException {
        try (var page = settings("")) {
            page.fill("#f-sender-name", "Mine");
            RIG.save(saved().withUsersMayChoose(true));

            page.click("button.primary");

            assertThat(page.locator("#outcome")).containsText("another save came first");
            assertThat(page.locator("#outcome")).containsText("Users may choose");
            Rig.screenshot(page, "conflict");
            page.click("[data-set-base]");
            page.check("input[type=checkbox][name=usersMayChoose]");
            page.click("button.primary");
            assertThat(page.locator("#follow")).containsText("is saved");
            assertThat(saved().usersMayChoose()).isTrue();
        }
    }

    @Test
    void anEarlierRevisionComesBackAsANewOne() throws InterruptedException {
        long before = RIG.store().read().profile("default").orElseThrow().revision();
        RIG.save(saved().withConnection(new Connection.Disabled()));
        try (var page = settings("?restore=" + before)) {
            assertThat(page.locator("#review")).containsText("disabled");
            page.click("button.primary");
            assertThat(page.locator("#follow")).containsText("is saved");

            assertThat(saved().connection()).isEqualTo(new Connection.Silent());
            page.navigate(RIG.url("/settings/default/history"));
            assertThat(page.locator("tbody tr").first())
                    .containsText("restored revision " + before);
        }
    }

    @Test
    void whatIfCountsTheLastDaysEvents() {
        RIG.publish(
                MailEvent.builder()
                        .source("/what-if")
                        .id("1")
                        .to("ada@example.org")
                        .subject("What if")
                        .text("?")
                        .build());
        try (var page = settings("")) {
            choose(page, "disabled");
            page.click("text=What if?");

            assertThat(page.locator("#what-if")).containsText("silenced → dropped (disabled)");
        }
    }

    @Test
    void aViewerSeesAndChangesNothing() {
        try (var page = RIG.page("viewer")) {
            page.navigate(RIG.url("/settings/default"));

            assertThat(page.locator("#f-sender-address")).isDisabled();
            assertThat(page.locator("button.primary")).hasCount(0);
        }
    }
}
