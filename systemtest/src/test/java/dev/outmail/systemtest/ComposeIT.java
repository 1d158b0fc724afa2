package dev.outmail.systemtest;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.testkit.Await;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `docker-compose.yml` as it is, but for Grafana: the image is made of this build's release
/// archive. Skipped where no Docker engine answers, or where it can't have the images.
class ComposeIT {
    private static final Duration TIME_TO_START = Duration.ofMinutes(2);
    private static final Duration TIME_TO_DELIVER = Duration.ofMinutes(1);
    private static final int MAILS = 50;
    private static final String MESSAGE =
            """
            From: app@example.com
            To: ada@example.org
            Subject: Over SMTP

            Hello
            """;

    @TempDir Path folder;

    @Test
    void workersAreScaledAndOneKilledWhileMailGoesOut() throws Exception {
        try (var compose = Compose.assumeCanRun()) {
            compose.run("build", "worker");
            compose.run(
                    "up",
                    "-d",
                    "kafka",
                    "setup",
                    "worker",
                    "console",
                    "smtp-in",
                    "mailpit",
                    "prometheus");
            awaitWorkers(compose, 2);
            awaitConsole(compose);
            publish(compose, "/two");
            awaitSent(compose, MAILS);

            compose.run("up", "-d", "--no-recreate", "--scale", "worker=4", "worker");
            awaitWorkers(compose, 4);
            awaitScraped(compose, 4);
            compose.killOneOf("worker");
            publish(compose, "/three-of-four");
            awaitSent(compose, 2 * MAILS);

            awaitHealthy(compose, "smtp-in");
            compose.sendOverSmtp(
                    new MimeMessage(
                            Session.getInstance(new Properties()),
                            new ByteArrayInputStream(MESSAGE.getBytes(US_ASCII))));
            awaitSent(compose, 2 * MAILS + 1);

            assertThat(compose.mailsAtMailpit()).isEqualTo(2 * MAILS + 1);
        }
    }

    private static void awaitWorkers(Compose compose, int workers) {
        Await.until(
                TIME_TO_START,
                () -> compose.healthy("worker") == workers && fleet(compose) == workers,
                () -> compose.log("worker"));
    }

    /// It has files of its own, and lets the first admin in.
    private static void awaitConsole(Compose compose) throws InterruptedException {
        awaitHealthy(compose, "console");
        var link = Pattern.compile("http://localhost:\\d+(/welcome/\\S+)");
        var found = link.matcher(compose.log("console"));
        assertThat(found.find()).as(compose.log("console")).isTrue();
        assertThat(compose.console(found.group(1)).orElse("")).contains("<form");
    }

    private static void awaitHealthy(Compose compose, String service) {
        Await.until(TIME_TO_START, () -> compose.healthy(service) == 1, () -> compose.log(service));
    }

    /// How many are alive by what they tell each other.
    private static long fleet(Compose compose) {
        return outmail(compose, "fleet").lines().filter(line -> line.startsWith("Worker ")).count();
    }

    private static void awaitScraped(Compose compose, int workers) {
        Await.until(
                TIME_TO_START,
                () ->
                        compose.prometheus("count(up{job=\"outmail\"}==1)")
                                .contains("\"" + workers + "\""),
                () -> compose.log("prometheus"));
    }

    private void publish(Compose compose, String source) throws Exception {
        var events =
                IntStream.range(0, MAILS)
                        .mapToObj(i ->
                                """
                                {"id": "%d", "source": "%s", "to": ["a@example.org"], "subject": "s", "text": "t"}\
                                """
                                        .formatted(i, source))
                        .collect(Collectors.joining("\n"));
        var file = Files.writeString(folder.resolve("events.jsonl"), events);
        assertThat(outmail(compose, "publish", "--quiet", file.toString())).isEmpty();
    }

    private static void awaitSent(Compose compose, int mails) {
        Await.until(
                TIME_TO_DELIVER,
                () -> sent(compose) == mails,
                () -> outmail(compose, "log") + compose.log("worker"));
    }

    private static long sent(Compose compose) {
        return outmail(compose, "log", "--last", "1000")
                .lines()
                .filter(line -> line.contains(" sent "))
                .count();
    }

    /// A command of this machine, outside the containers.
    private static String outmail(Compose compose, String... command) {
        return compose.outmail(command).output();
    }
}
