package dev.outmail.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import dev.outmail.mail.EmailAddress;
import dev.outmail.mail.MailEvent;
import dev.outmail.mail.MailEventBuilder;
import dev.outmail.settings.Connection;
import dev.outmail.settings.Sender;
import dev.outmail.settings.Settings;
import dev.outmail.testkit.Await;
import dev.outmail.testkit.smtp.Act;
import dev.outmail.testkit.smtp.ScriptedSmtpServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LettersIT {
    @RegisterExtension static final Rig RIG = new Rig();

    private static final Settings SILENT =
            Settings.INITIAL.withSender(
                    new Sender(EmailAddress.parse("notifications@example.com"), null, false));

    private static Settings smtp(ScriptedSmtpServer server) {
        return SILENT.withConnection(
                new Connection.SmtpServer(
                        server.host(), server.port(), Connection.Security.NONE, null, 4, null));
    }

    private static MailEventBuilder event(String id, String to) {
        return MailEvent.builder()
                .source("/letters-it")
                .id(id)
                .to(to)
                .subject("Letter " + id)
                .text("Hello")
                .html("<p>Hello</p>");
    }

    private static void awaitLetters(Page page, String reason, int count) {
        Await.until(
                Rig.PATIENCE,
                () -> {
                    page.navigate(RIG.url("/dead-letters"));
                    var row =
                            page.locator("tbody tr", new Page.LocatorOptions().setHasText(reason));
                    return row.count() == 1
                            && row.locator(".number").textContent().equals("" + count);
                },
                count + " letters of " + reason);
    }

    @Test
    void aRefusedMailIsReplayedOnceHoweverOftenItIsClicked() throws InterruptedException {
        try (var page = RIG.page("operator");
                var server = ScriptedSmtpServer.start()) {
            server.once("RCPT TO:<gone1@example.org>", "550 5.1.1 no such user");
            server.once("RCPT TO:<gone2@example.org>", "550 5.1.1 no such user");
            RIG.save(smtp(server));
            RIG.publish(event("refused-1", "gone1@example.org").build());
            RIG.publish(event("refused-2", "gone2@example.org").build());
            awaitLetters(page, "unknown-recipient", 2);
            Rig.screenshot(page, "dead-letters");

            page.click("text=unknown-recipient");
            assertThat(page.locator("tbody tr")).hasCount(2);
            Rig.screenshot(page, "dead-letters-list");
            page.click("tbody tr:has-text('refused-1') a");
            assertThat(page.locator("h1")).hasText("Letter refused-1");
            assertThat(page.frameLocator("iframe.mail").locator("p")).hasText("Hello");
            Rig.screenshot(page, "dead-letter");
            page.locator("button[value=replay]").dblclick();
            assertThat(page.locator("h1")).hasText("1 replayed");
            server.awaitReceived(1);

            awaitLetters(page, "unknown-recipient", 1);
            page.click("text=unknown-recipient");
            page.check("[data-check-all]");
            page.click("button[value=discard]");
            assertThat(page.locator("main")).containsText("say why");
            page.goBack();
            page.check("input[name=which][value=all]");
            page.fill("#why", "left the company");
            page.click("button[value=discard]");
            assertThat(page.locator("h1")).hasText("1 discarded");
            assertThat(server.received()).hasSize(1);
        } finally {
            RIG.save(SILENT);
        }
    }

    @Test
    void whatServersAndEventsSayIsTextAndNothingElse() throws InterruptedException {
        var hostile =
                "<script>window.hit=1</script><img src=x onerror=window.hit=1> ${jndi:ldap://x} \u001b[2J\u202e";
        try (var page = RIG.page("operator");
                var server = ScriptedSmtpServer.start()) {
            server.once("RCPT TO:<gone9@example.org>", "550 5.1.1 " + hostile);
            RIG.save(smtp(server));
            RIG.publish(
                    event("hostile-9", "gone9@example.org")
                            .subject(hostile.replaceAll("[\\p{Cntrl}\u202e]", ""))
                            .build());
            Await.until(
                    Rig.PATIENCE,
                    () -> {
                        page.navigate(RIG.url("/log?q=hostile-9"));
                        return page.locator("tbody .pill.rejected").count() == 1;
                    },
                    "it is refused");
            for (var link : new String[] {"tbody tr a", "text=Look at the mail"}) {
                assertThat(page.locator("main")).containsText("<script>window.hit=1</script>");
                assertThat(page.locator("main")).not().containsText("\u202e");
                page.click(link);
            }
            page.navigate(RIG.url("/dead-letters/list?outcome=rejected&reason=unknown-recipient"));
            assertThat(page.locator("main")).containsText("\\u001b[2J");
            page.click("tbody tr:has-text('hostile-9') td a");
            assertThat(page.locator("h1")).containsText("<script>");

            assertThat(page.evaluate("() => window.hit === undefined")).isEqualTo(true);
            page.fill("#why", "hostile");
            page.click("button[value=discard]");
            assertThat(page.locator("h1")).hasText("1 discarded");
        } finally {
            RIG.save(SILENT);
        }
    }

    @Test
    void aCopyGoesToSomebodyElseAndTheLetterStays() throws InterruptedException {
        RIG.publish("k", "{\"id\":\"no-event\"}".getBytes(UTF_8));
        try (var page = RIG.page("operator");
                var server = ScriptedSmtpServer.start()) {
            server.once("RCPT TO:<gone3@example.org>", "550 5.2.1 mailbox disabled");
            RIG.save(smtp(server));
            RIG.publish(event("copied-1", "gone3@example.org").build());
            Await.until(
                    Rig.PATIENCE,
                    () -> {
                        page.navigate(RIG.url("/log?q=copied-1"));
                        return page.locator("tbody .pill.rejected").count() == 1;
                    },
                    "it is refused");
            awaitLetters(page, "malformed", 1);
            page.click("tbody a:has-text('malformed')");
            page.click("form.card tbody tr a");
            assertThat(page.locator("main")).containsText("It is no event");
            page.navigate(RIG.url("/dead-letters"));
            page.locator("tbody tr a", new Page.LocatorOptions().setHasNotText("malformed"))
                    .first()
                    .click();
            page.click("tbody tr:has-text('copied-1') a");
            page.fill("#to", "me@example.com");
            page.click("button[value=copy]");
            assertThat(page.locator("h1")).hasText("1 copied");
            server.awaitReceived(1);
            assertThat(server.received().getFirst().recipients())
                    .containsExactly("<me@example.com>");
        } finally {
            RIG.save(SILENT);
        }
    }

    @Test
    void silencedMailIsReleasedWhenChosenAndOnce() throws InterruptedException {
        RIG.save(SILENT);
        RIG.publish(event("silent-1", "ada@example.org").build());
        RIG.publish(event("silent-2", "bob@example.org").build());
        try (var page = RIG.page("operator");
                var server = ScriptedSmtpServer.start()) {
            page.navigate(RIG.url("/log?q=letters-it+silent"));
            assertThat(page.locator("tbody tr")).hasCount(2);
            page.check("tbody tr:has-text('silent-1') input");
            page.click("button.release");
            assertThat(page.locator("main")).containsText("is Silent: its mail would not leave");

            RIG.save(smtp(server));
            page.reload();
            assertThat(page.locator("main")).containsText("ada@example.org");
            Rig.screenshot(page, "release");
            page.click("button.primary");
            assertThat(page.locator("tbody")).containsText("released");
            server.awaitReceived(1);
            page.goBack();
            page.reload();
            page.click("button.primary");
            assertThat(page.locator("tbody")).containsText("released");
            page.navigate(RIG.url("/log?q=letters-it+silent&outcome=duplicate"));
            assertThat(page.locator("tbody tr")).hasCount(1);

            assertThat(server.received()).hasSize(1);
        } finally {
            RIG.save(SILENT);
        }
    }

    @Test
    void mailInDoubtWaitsForAPersonAndIsSentAgainOnceReleased() throws InterruptedException {
        try (var page = RIG.page("operator");
                var server = ScriptedSmtpServer.start()) {
            server.once(".", Act.close());
            RIG.save(smtp(server));
            RIG.publish(
                    event("doubt-1", "ada@example.org").onDoubt(MailEvent.OnDoubt.HOLD).build());
            awaitHeld(page);
            page.click("tbody tr:has(.held) a");
            Rig.screenshot(page, "held");
            page.check("tbody tr:has-text('doubt-1') input");
            page.click("button[value=release]");
            assertThat(page.locator("h1")).hasText("1 released");

            // The first was received, too: only its answer was lost.
            server.awaitReceived(2);
        } finally {
            RIG.save(SILENT);
        }
    }

    private static void awaitHeld(Page page) {
        Await.until(
                Rig.PATIENCE,
                () -> {
                    page.navigate(RIG.url("/dead-letters"));
                    return page.locator("tbody .held").count() == 1;
                },
                "it is held");
    }
}
