package dev.outmail.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.deadletters.DeadLetters;
import dev.outmail.mail.EmailAddress;
import dev.outmail.mail.MailEvent;
import dev.outmail.settings.Connection;
import dev.outmail.settings.Sender;
import dev.outmail.settings.Settings;
import dev.outmail.testkit.Await;
import dev.outmail.testkit.smtp.ScriptedSmtpServer;
import dev.outmail.wire.EventCodec;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ReplayOnceIT {
    @RegisterExtension static final Rig RIG = new Rig();

    private static final int LETTERS = Boolean.getBoolean("outmail.test.faults") ? 1_000 : 200;
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static Settings by(ScriptedSmtpServer server) {
        return Settings.INITIAL
                .withSender(new Sender(EmailAddress.parse("a@example.com"), null, false))
                .withConnection(
                        new Connection.SmtpServer(
                                server.host(),
                                server.port(),
                                Connection.Security.NONE,
                                null,
                                10,
                                null));
    }

    private static long waiting() {
        var deployment = RIG.deployment();
        return new DeadLetters(
                        RIG.clients(), deployment.topics(), new EventCodec(deployment.limits()))
                .index(null, count -> {}).entries().stream()
                        .filter(entry -> entry.settledBy().isEmpty())
                        .filter(entry -> entry.letter().why().reason().equals("unknown-recipient"))
                        .count();
    }

    private static CompletableFuture<HttpResponse<String>> replayAll(
            int port, String cookie, String why) {
        var url = "http://127.0.0.1:" + port;
        var request =
                HttpRequest.newBuilder(URI.create(url + "/dead-letters/act"))
                        .header("Origin", url)
                        .header("Cookie", cookie)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        "which=all&outcome=rejected&reason=unknown-recipient&action=replay&why="
                                                + why))
                        .build();
        return HTTP.sendAsync(request, HttpResponse.BodyHandlers.ofString());
    }

    /// Has mails refused.
    ///
    /// @return how many letters wait then
    private static long letters(ScriptedSmtpServer refusing, String name)
            throws InterruptedException {
        refusing.on("RCPT", "550 5.1.1 no such user");
        RIG.save(by(refusing));
        long letters = waiting() + LETTERS;
        for (int i = 0; i < LETTERS; i++) {
            RIG.publishLater(
                    MailEvent.builder()
                            .source("/replay-once")
                            .id(name + "-" + i)
                            .to(name + i + "@example.org")
                            .subject("Once")
                            .text("Hello")
                            .build());
        }
        Await.until(
                Duration.ofSeconds(60),
                () -> refusing.commands("RCPT") >= LETTERS && waiting() == letters,
                "all are refused");
        return letters;
    }

    @Test
    void twoOperatorsAtTwoConsolesWhoClickTwiceSendEachMailOnce() throws Exception {
        try (var refusing = ScriptedSmtpServer.start();
                var willing = ScriptedSmtpServer.start();
                var second = RIG.secondConsole()) {
            long letters = letters(refusing, "two");
            RIG.save(by(willing));

            var first = RIG.cookie("operator");
            var other = RIG.cookieOf(second.port(), "operator");
            var clicks = new ArrayList<CompletableFuture<HttpResponse<String>>>();
            for (int i = 0; i < 2; i++) {
                clicks.add(replayAll(RIG.console().port(), first, ""));
                clicks.add(replayAll(second.port(), other, ""));
            }
            clicks.forEach(CompletableFuture::join);
            willing.awaitReceived((int) letters);
            RIG.awaitQueueEmpty();

            assertThat(willing.received()).hasSize((int) letters);
            assertThat(waiting()).isZero();
        } finally {
            RIG.save(Settings.INITIAL);
        }
    }

    /// T24.
    @Test
    void aConsoleKilledMidwayAndAskedAgainSendsEachMailOnce() throws Exception {
        try (var refusing = ScriptedSmtpServer.start();
                var willing = ScriptedSmtpServer.start()) {
            long letters = letters(refusing, "killed");
            RIG.save(by(willing));

            try (var console = RIG.consoleToKill("killed")) {
                var click =
                        replayAll(
                                console.port(),
                                RIG.cookieOf(console.port(), "operator"),
                                "before-the-kill");
                willing.awaitReceived(1);
                console.kill();
                assertThat(click).failsWithin(Rig.PATIENCE);
            }
            assertThat(waiting()).as("letters that it was not done with").isPositive();
            try (var console = RIG.restarted("killed")) {
                var again =
                        replayAll(
                                console.port(),
                                RIG.cookieOf(console.port(), "operator"),
                                "after-the-kill");
                assertThat(again.join().statusCode()).isEqualTo(200);
            }
            willing.awaitReceived((int) letters);
            RIG.awaitQueueEmpty();

            assertThat(willing.received()).hasSize((int) letters);
            assertThat(
                            willing.received().stream()
                                    .flatMap(mail -> mail.recipients().stream())
                                    .filter(recipient -> recipient.startsWith("<killed"))
                                    .distinct())
                    .hasSize(LETTERS);
            assertThat(waiting()).isZero();
            auditTells("before-the-kill", "after-the-kill");
        } finally {
            RIG.save(Settings.INITIAL);
        }
    }

    private static void auditTells(String... why) {
        try (var page = RIG.page("admin")) {
            page.navigate(RIG.url("/audit"));
            assertThat(page.locator("main").innerText()).contains(why);
        }
    }
}
