package dev.outmail.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.testkit.Await;
import dev.outmail.testkit.ExternalProgram;
import dev.outmail.testkit.smtp.ScriptedSmtpServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// Events from a program that has nothing of Outmail's: Debian's kcat. Has the default profile.
class ForeignProducerIT {
    @RegisterExtension static final SharedOutmail OUTMAIL = new SharedOutmail();

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final ScriptedSmtpServer SERVER = ScriptedSmtpServer.start();

    @TempDir Path folder;

    @BeforeAll
    static void deliver() {
        OUTMAIL.up()
                .saveSettings(
                        "default",
                        "--connection=smtp",
                        "--smtp-host=127.0.0.1",
                        "--smtp-port=" + SERVER.port(),
                        "--smtp-security=none",
                        "--from=App <a@example.com>");
    }

    /// For each test, since a class that is skipped as a whole does not say why.
    @BeforeEach
    void needKcat() {
        ExternalProgram.assumeInstalled("kcat", "kcat");
    }

    @AfterAll
    static void close() {
        SERVER.close();
    }

    /// The README's command, with the port that Kafka has here.
    private static String readme() {
        var blocks = Checkout.readmeCommands("### From any other language");
        assertThat(blocks).singleElement().asString().contains("-b localhost:9092");
        return blocks.getFirst().replace("localhost:9092", OUTMAIL.up().kafka());
    }

    /// What the README's quick start writes into event.json.
    private static String readmeEvent() {
        var block = Checkout.readmeCommands("### Try it by hand").get(1);
        return block.substring(block.indexOf('{'), block.indexOf("\nJSON\n"));
    }

    private void publish(String event) throws IOException {
        Files.writeString(folder.resolve("event.json"), event);
        var ran = OutmailCommand.runShell(folder, readme(), Map.of());
        assertThat(ran.exitCode()).as(ran.output()).isZero();
    }

    @Test
    void anEventFromKcatIsDelivered() throws Exception {
        publish(readmeEvent());

        SERVER.awaitReceived(1);
        assertThat(SERVER.received())
                .singleElement()
                .satisfies(mail -> {
                    assertThat(mail.recipients()).containsExactly("<ada@example.org>");
                    assertThat(mail.text()).contains("Subject: You have a new task\r\n");
                });
    }

    @Test
    void whatIsNoEventBecomesADeadLetterThatKcatCanRead() throws IOException {
        publish("{\"id\": \"half an event\", \"to\": [\"ada@example.org\"");

        var letter =
                Await.value(
                        PATIENCE,
                        () -> deadLetters().lines().filter(l -> l.contains("half an")).findFirst(),
                        () -> "a dead letter; there are: " + deadLetters());
        assertThat(letter)
                .startsWith("{\"id\": \"half an event\", \"to\": [\"ada@example.org\" ")
                .contains("outmail-outcome=malformed", "outmail-topic=outmail.events");
    }

    /// The value and the headers of each, a line for each.
    private static String deadLetters() {
        var kcat = ExternalProgram.find("kcat").map(Path::toString).orElseThrow();
        var command =
                List.of(
                        kcat,
                        "-C",
                        "-e",
                        "-q",
                        "-b",
                        OUTMAIL.up().kafka(),
                        "-t",
                        "outmail.dead-letters",
                        "-f",
                        "%s %h\n");
        try (var reader = ExternalProgram.start(command, Map.of())) {
            int exitCode = reader.awaitExit(PATIENCE);
            return Optional.of(reader.output()).filter(o -> exitCode == 0).orElseThrow();
        }
    }
}
