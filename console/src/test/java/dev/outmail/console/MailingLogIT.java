package dev.outmail.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.outmail.mail.EmailAddress;
import dev.outmail.mail.MailEvent;
import dev.outmail.mail.MailEventBuilder;
import dev.outmail.settings.Sender;
import dev.outmail.settings.Settings;
import dev.outmail.testkit.smtp.ScriptedSmtpServer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class MailingLogIT {
    @RegisterExtension static final Rig RIG = new Rig();

    @BeforeEach
    void silentWithASender() throws InterruptedException {
        RIG.save(
                Settings.INITIAL.withSender(
                        new Sender(
                                EmailAddress.parse("notifications@example.com"),
                                "Projects",
                                false)));
    }

    private static MailEventBuilder event(String id) {
        return MailEvent.builder()
                .source("/log-it")
                .id(id)
                .type("task.assigned")
                .to("Ada Lovelace <ada@example.org>")
                .subject("You have a new task " + id)
                .text("Hello Ada, the task " + id + " is yours.");
    }

    @Test
    void entriesAreFoundAsOneTypesAndNewOnesComeByThemselves() {
        for (int i = 0; i < 20; i++) {
            RIG.publish(event("find-" + i).build());
        }
        try (var page = RIG.page("operator")) {
            page.navigate(RIG.url("/log"));
            page.locator("#q").pressSequentially("new task find-7");

            assertThat(page.locator("tbody tr")).hasCount(1);
            assertThat(page.locator("tbody tr")).containsText("silenced");
            assertThat(page.locator("tbody tr")).containsText("ada@example.org");
            page.fill("#q", "find");
            page.selectOption("#outcome", "silenced");
            assertThat(page.locator("tbody tr")).hasCount(20);
            Rig.screenshot(page, "mailing-log");

            page.fill("#q", "live");
            assertThat(page.locator("#rows")).containsText("Nothing found");
            RIG.publish(event("live-1").build());
            assertThat(page.locator("tbody tr")).hasCount(1);
            page.fill("#q", "");
            page.selectOption("#outcome", "rejected");
            assertThat(page.locator("#rows")).not().containsText("find-7");
        }
    }

    @Test
    void aSilencedMailIsSeenAsItWouldHaveBeenSent() {
        RIG.publish(
                event("story-1")
                        .html(
                                "<h1 style='color:teal'>Hello Ada</h1><p>The task is <b>yours</b>.</p>")
                        .attachment("plan <1>.txt", "text/plain", "the plan".getBytes(UTF_8))
                        .build());
        try (var page = RIG.page("operator")) {
            page.navigate(RIG.url("/log?q=story-1"));
            page.click("tbody tr a");
            assertThat(page.locator(".story")).containsText("silenced");
            assertThat(page.locator(".story")).containsText("ada@example.org");
            Rig.screenshot(page, "story");

            page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Look at the mail"))
                    .click();
            assertThat(page.frameLocator("iframe.mail").locator("h1")).hasText("Hello Ada");
            page.click("summary:has-text('Source')");
            assertThat(page.locator("details pre").last())
                    .containsText("Subject: You have a new task story-1");
            assertThat(page.locator("details pre").last())
                    .containsText("From: Projects <notifications@example.com>");
            Rig.screenshot(page, "mail");
            var download = page.waitForDownload(() -> page.click("a[download]"));
            assertThat(download.suggestedFilename()).startsWith("plan");
        }
    }

    @Test
    void aMailThatCameAsACloudEventIsSeenLikeAnyOther() {
        var cloudEvent =
                """
                {"specversion": "1.0", "id": "cloud-1", "source": "/log-it", "type": "task.assigned",
                 "subject": "not the mail's",
                 "data": {"to": ["ada@example.org"], "subject": "From the cloud", "text": "t"}}
                """;
        var record =
                new ProducerRecord<byte[], byte[]>(
                        RIG.deployment().topics().events(), cloudEvent.getBytes(UTF_8));
        record.headers().add("content-type", "application/cloudevents+json".getBytes(UTF_8));
        RIG.publish(record);
        try (var page = RIG.page("operator")) {
            page.navigate(RIG.url("/log?q=cloud-1"));
            assertThat(page.locator("tbody tr")).containsText("From the cloud");
            page.click("tbody tr a");
            page.click("text=Look at the mail");
            page.click("summary:has-text('Source')");
            assertThat(page.locator("details pre").last()).containsText("Subject: From the cloud");
        }
    }

    @Test
    void aFinishedMessageIsListedByItsSubject() {
        RIG.publish(
                MailEvent.builder()
                        .source("/log-it")
                        .id("finished-1")
                        .to("ada@example.org")
                        .message("Subject: =?UTF-8?Q?Gr=C3=BC=C3=9Fe?=\n\nHello".getBytes(UTF_8))
                        .build());
        try (var page = RIG.page("operator")) {
            page.navigate(RIG.url("/log?q=finished-1"));
            assertThat(page.locator("tbody tr")).containsText("Grüße");
        }
    }

    @Test
    void aMailRunsNothingAndFetchesNothing() {
        try (var page = RIG.page("operator");
                var elsewhere = ScriptedSmtpServer.start()) {
            var url = "http://" + elsewhere.host() + ":" + elsewhere.port() + "/";
            RIG.publish(event("hostile-1").html(hostile(url)).build());
            page.navigate(RIG.url("/log?q=hostile-1"));
            page.click("tbody tr a");
            page.click("text=Look at the mail");
            assertThat(page.frameLocator("iframe.mail").locator("#end")).hasText("end");
            page.waitForTimeout(300);

            assertThat(page.evaluate("() => window.hit === undefined")).isEqualTo(true);
            assertThat(page.frames()).noneMatch(frame -> frame.url().startsWith(url));
            assertThat(page.url()).startsWith(RIG.url("/log/mail/"));
            assertThat(elsewhere.connections()).isZero();
        }
    }

    private static String hostile(String url) {
        return "<script>top.hit=1</script><img src='%sx.png' onerror='top.hit=1'>".formatted(url)
                + "<link rel=stylesheet href='%sx.css'><iframe src='%s'></iframe>"
                        .formatted(url, url)
                + "<style>body{background:url(%sx)}</style>".formatted(url)
                + "<meta http-equiv=refresh content='0;url=%s'>".formatted(url)
                + "<svg onload='top.hit=1'></svg><video src='%s' autoplay></video>".formatted(url)
                + "<a id=a href='javascript:top.hit=1'>a</a><p id=end>end</p>";
    }

    @Test
    void aViewerSeesOutcomesAndNobodysAddress() {
        RIG.publish(event("viewed-1").build());
        try (var page = RIG.page("viewer")) {
            page.navigate(RIG.url("/log?q=viewed-1"));
            assertThat(page.locator("tbody tr")).hasCount(1);
            assertThat(page.locator("main")).not().containsText("ada@example.org");
            assertThat(page.locator("main")).not().containsText("new task");
            page.click("tbody tr a");
            assertThat(page.locator("main")).not().containsText("ada@example.org");

            page.navigate(RIG.url("/log?q=ada"));
            assertThat(page.locator("#rows")).containsText("Nothing found");
            assertThat(page.navigate(RIG.url("/log/mail/0/0")).status()).isEqualTo(403);
        }
    }
}
