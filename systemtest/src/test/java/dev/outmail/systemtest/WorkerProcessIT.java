package dev.outmail.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.testkit.Await;
import dev.outmail.testkit.ExternalProgram;
import dev.outmail.testkit.smtp.Act;
import dev.outmail.testkit.smtp.Received;
import dev.outmail.testkit.smtp.ScriptedSmtpServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two workers in processes of their own: they share the work, and one that is told to stop leaves
/// nothing behind.
class WorkerProcessIT {
    private static final int MAILS = 400;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern SHARES = Pattern.compile("Partitions assigned .* held=\"6\"");
    private static final Pattern MESSAGE_ID = Pattern.compile("(?im)^Message-ID: *(\\S+)");

    @TempDir Path folder;

    @Test
    void workersShareTheWorkAndOneThatStopsLeavesNothingBehind() throws Exception {
        try (var server = slowServer();
                var up = UpProcess.start(folder.resolve("data"))) {
            deliverTo(server, up);
            try (var second = startSecondWorker(up)) {
                publish(up);
                awaitInFlightAtBoth(server);

                assertThat(terminate(second)).as(second.output()).isZero();
            }

            Await.until(PATIENCE, () -> server.received().size() >= MAILS, "all are delivered");
            Await.until(
                    PATIENCE,
                    () -> sent(up).count() >= MAILS,
                    () -> sent(up).count() + " are logged as sent; of all:\n" + log(up));
            assertThat(messageIds(server)).hasSize(MAILS);
            assertThat(up.terminate()).as(up.program().output()).isZero();
            assertThat(server.received()).as("none came twice").hasSize(MAILS);
            assertThat(server.surprises()).isEmpty();
        }
        try (var again = UpProcess.start(folder.resolve("data"))) {
            assertThat(again.run("settings", "show").output())
                    .contains("Profile default, revision 2", "workers@example.com");
        }
    }

    /// Every message takes a while, so that some are in flight at any time.
    private static ScriptedSmtpServer slowServer() {
        return ScriptedSmtpServer.start()
                .on(".", Act.after(Duration.ofMillis(60), Act.reply("250 2.0.0 taken")));
    }

    private static void deliverTo(ScriptedSmtpServer server, UpProcess up) {
        up.saveSettings(
                "default",
                "--connection=smtp",
                "--smtp-host=127.0.0.1",
                "--smtp-port=" + server.port(),
                "--smtp-security=none",
                "--smtp-max-connections=4",
                "--from=workers@example.com");
    }

    private ExternalProgram startSecondWorker(UpProcess up) throws IOException {
        var config = folder.resolve("worker.properties");
        Files.writeString(
                config,
                """
                kafka.bootstrap.servers=%s
                worker.id=second
                http.address=127.0.0.1
                http.port=0
                smtp.localhost=second.example
                """
                        .formatted(up.kafka()));
        var second = OutmailCommand.start(Map.of(), "worker", "--config", config.toString());
        second.awaitOutput(SHARES, PATIENCE);
        second.awaitOutput("Settings read profile=\"default\" revision=\"2\"", PATIENCE);
        return second;
    }

    private void publish(UpProcess up) throws IOException {
        var events = folder.resolve("events.jsonl");
        var lines =
                IntStream.range(0, MAILS)
                        .mapToObj(
                                """
                                {"id": "mail-%1$d", "to": ["user%1$d@example.org"], "subject": "s", "text": "t"}\
                                """
                                        ::formatted)
                        .collect(Collectors.joining("\n"));
        Files.writeString(events, lines);
        assertThat(up.run("publish", "--quiet", events.toString()))
                .isEqualTo(new OutmailCommand.Ran(0, ""));
    }

    private static void awaitInFlightAtBoth(ScriptedSmtpServer server) {
        Await.until(
                PATIENCE,
                () -> bySecond(server) >= 20 && server.received().size() - bySecond(server) >= 20,
                () -> bySecond(server) + " by the second of " + server.received().size());
        assertThat(server.received()).as("some are still to come").hasSizeLessThan(MAILS);
    }

    private static long bySecond(ScriptedSmtpServer server) {
        var connections =
                server.heard().stream()
                        .filter(heard -> heard.line().equals("EHLO second.example"))
                        .map(heard -> heard.connection())
                        .collect(Collectors.toSet());
        return server.received().stream()
                .filter(mail -> connections.contains(mail.connection()))
                .count();
    }

    /// SIGTERM; one that takes more than ten seconds is killed, which tells in the exit code.
    private static int terminate(ExternalProgram worker) {
        worker.close();
        return worker.awaitExit(Duration.ofSeconds(1));
    }

    private static Stream<String> sent(UpProcess up) {
        return log(up).lines().filter(line -> line.contains(" sent "));
    }

    private static String log(UpProcess up) {
        return up.run("log", "--last", Integer.toString(2 * MAILS)).output();
    }

    private static Set<String> messageIds(ScriptedSmtpServer server) {
        return server.received().stream()
                .map(WorkerProcessIT::messageId)
                .collect(Collectors.toSet());
    }

    private static String messageId(Received mail) {
        var matcher = MESSAGE_ID.matcher(mail.text());
        assertThat(matcher.find()).as(mail.text()).isTrue();
        return matcher.group(1);
    }
}
