package dev.outmail.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.testkit.smtp.ScriptedSmtpServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the README shows under "Try it by hand", run as it stands there, on free ports.
class QuickStartIT {
    private static final List<String> BLOCKS = Checkout.readmeCommands("### Try it by hand");
    private static final String EVENT = "task-42-assigned-7";

    @TempDir Path folder;

    @Test
    void theQuickStartDoesWhatTheReadmeSays() throws InterruptedException {
        assertThat(BLOCKS).hasSize(2).first().isEqualTo("./outmail up\n");
        OutmailCommand.install(folder);
        try (var server = ScriptedSmtpServer.start();
                var up = up()) {
            var commands = commands(server.port());
            int log = commands.indexOf("./outmail log");

            assertRuns(up, commands.subList(0, log));
            up.awaitOutcome("silenced", EVENT);
            assertThat(server.connections()).isZero();

            assertThat(assertRuns(up, List.of(commands.get(log))))
                    .containsOnlyOnce("silenced")
                    .contains("/projects#" + EVENT, "to=ada@example.org");
            assertThat(assertRuns(up, commands.subList(log + 1, commands.size() - 1)))
                    .contains("event.json: sent by 127.0.0.1:" + server.port());
            assertDelivered(server);
            assertFollows(up, commands.getLast());

            assertThat(up.terminate()).isZero();
        }
    }

    /// The first terminal.
    private UpProcess up() {
        var exec =
                "exec "
                        + BLOCKS.getFirst().strip()
                        + " --kafka-port 0 --worker-port 0 --console-port 0";
        return UpProcess.of(OutmailCommand.startShell(folder, exec, Map.of()));
    }

    /// The other terminal, with the text for event.json as one command.
    private static List<String> commands(int smtpPort) {
        var script = BLOCKS.get(1).replace("--smtp-port 2525", "--smtp-port " + smtpPort);
        assertThat(script).contains("--smtp-port " + smtpPort).endsWith("./outmail log --follow\n");
        return List.of(script.split("\n(?=\\./outmail)"));
    }

    private String assertRuns(UpProcess up, List<String> commands) {
        var ran = OutmailCommand.runShell(folder, String.join("\n", commands), up.environment());
        assertThat(ran.exitCode()).as(ran.output()).isZero();
        return ran.output();
    }

    private static void assertDelivered(ScriptedSmtpServer server) {
        assertThat(server.received())
                .singleElement()
                .satisfies(mail -> {
                    assertThat(mail.sender()).startsWith("<a@example.com>");
                    assertThat(mail.recipients()).containsExactly("<ada@example.org>");
                    assertThat(mail.text())
                            .contains("Subject: You have a new task\r\n")
                            .contains("From: App <a@example.com>\r\n")
                            .contains("Hello Ada, task 42 is yours.")
                            .contains("<p>Hello Ada, <b>task 42</b> is yours.</p>");
                });
    }

    private void assertFollows(UpProcess up, String follow) {
        try (var log = OutmailCommand.startShell(folder, "exec " + follow, up.environment())) {
            log.awaitOutput("silenced", Duration.ofSeconds(30));
            log.awaitOutput(" sent ", Duration.ofSeconds(30));
            assertThat(log.isRunning()).isTrue();
        }
    }
}
