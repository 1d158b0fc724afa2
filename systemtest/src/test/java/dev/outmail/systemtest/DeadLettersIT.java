package dev.outmail.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.systemtest.OutmailCommand.Ran;
import dev.outmail.testkit.ExternalProgram;
import dev.outmail.testkit.smtp.Act;
import dev.outmail.testkit.smtp.Received;
import dev.outmail.testkit.smtp.ScriptedSmtpServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// What an operator does about mails that were refused, or held in doubt.
class DeadLettersIT {
    @RegisterExtension static final SharedOutmail OUTMAIL = new SharedOutmail();

    private static final ScriptedSmtpServer SERVER = ScriptedSmtpServer.start();
    private static final Pattern MESSAGE_ID = Pattern.compile("(?im)^Message-ID: *(\\S+)");

    @TempDir Path folder;

    @BeforeAll
    static void deliver() {
        OUTMAIL.up()
                .saveSettings(
                        "dead",
                        "--connection=smtp",
                        "--smtp-host=127.0.0.1",
                        "--smtp-port=" + SERVER.port(),
                        "--smtp-security=none",
                        "--from=Dead <dead@example.com>");
    }

    @BeforeEach
    void behave() {
        SERVER.behave();
    }

    @AfterAll
    static void close() {
        SERVER.close();
    }

    private static Ran run(String... arguments) {
        return OUTMAIL.up().run(arguments);
    }

    private void publish(String id, String more) throws IOException {
        var event =
                """
                {"id": "%s", "source": "/dead", "profile": "dead", "subject": "About %s", "text": "t", %s}
                """
                        .formatted(id, id, more);
        var file = Files.writeString(folder.resolve(id + ".json"), event).toString();
        assertThat(run("publish", file)).isEqualTo(new Ran(0, "Published 1\n"));
    }

    /// Publishes a mail that the server refuses.
    private void publishRefused(String id) throws IOException {
        SERVER.on("RCPT TO:<gone@", "550 5.1.1 no such user");
        publish(id, "\"to\": [\"gone@example.org\"]");
        OUTMAIL.up().awaitOutcome("rejected", "/dead#" + id);
        SERVER.behave();
    }

    /// Publishes a mail that the server takes and gives no answer to.
    private void publishHeld(String id) throws IOException {
        SERVER.once(".", Act.close());
        publish(id, "\"to\": [\"ada@example.org\"], \"onDoubt\": \"hold\"");
        OUTMAIL.up().awaitOutcome("held", "/dead#" + id);
    }

    private static List<Received> received(String id) {
        return SERVER.received().stream()
                .filter(mail -> mail.text().contains("Subject: About " + id + "\r\n"))
                .toList();
    }

    private static void awaitReceived(String id, int count) throws InterruptedException {
        SERVER.await(count + " of " + id, () -> received(id).size() >= count);
    }

    private static String messageId(Received mail) {
        var matcher = MESSAGE_ID.matcher(mail.text());
        assertThat(matcher.find()).as(mail.text()).isTrue();
        return matcher.group(1);
    }

    @Test
    void aMailThatWasRefusedIsListedShownAndReplayed() throws Exception {
        publishRefused("refused-1");

        var listed = run("dead-letters", "list", "--event", "refused-1");
        assertThat(listed.exitCode()).isZero();
        assertThat(listed.output().lines())
                .singleElement()
                .asString()
                .contains(
                        "rejected", "/dead#refused-1", "unknown-recipient: 550 5.1.1 no such user");
        assertThat(run("dead-letters", "list", "--by-reason", "--profile", "dead").output())
                .containsPattern("1 +rejected +unknown-recipient +oldest \\d+[sm] ago");
        var position = listed.output().split(" ")[1];
        assertThat(run("dead-letters", "show", position).output())
                .contains("Dead letter " + position, "Not got by  gone@example.org")
                .contains("About refused-1", "Came from   outmail.events-");
        assertThat(OUTMAIL.up().runProcess("dead-letters", "show", position, "--raw").output())
                .startsWith("{\"id\":\"refused-1\",\"source\":\"/dead\"")
                .endsWith("}");

        var replayed =
                run("dead-letters", "replay", position, "--by", "ada@desk", "--why", "fixed");

        assertThat(replayed).isEqualTo(new Ran(0, "Replayed 1\n"));
        awaitReceived("refused-1", 1);
        OUTMAIL.up().awaitOutcome("sent", "/dead#refused-1");
        assertThat(received("refused-1").getFirst().recipients())
                .containsExactly("<gone@example.org>");
        assertThat(run("dead-letters", "list", "--event", "refused-1"))
                .isEqualTo(new Ran(0, "No dead letters\n"));
        assertThat(run("dead-letters", "list", "--event", "refused-1", "--all").output())
                .contains("[replayed ", " by ada@desk: fixed]");
        assertThat(run("dead-letters", "replay", "refused-1").output())
                .contains(position + " /dead#refused-1 nothing done, was replayed")
                .endsWith("Replayed 0, done before 1\n");
    }

    @Test
    void aCopyGoesToSomebodyElseAndTheLetterStays() throws Exception {
        publishRefused("copied-1");

        var copied = run("dead-letters", "replay", "copied-1", "--to", "Me <me@example.com>");

        assertThat(copied).isEqualTo(new Ran(0, "Copied 1\n"));
        awaitReceived("copied-1", 1);
        assertThat(received("copied-1"))
                .singleElement()
                .satisfies(mail -> {
                    assertThat(mail.recipients()).containsExactly("<me@example.com>");
                    assertThat(mail.text())
                            .contains("X-Outmail-Replay-Of: /dead#copied-1\r\n")
                            .contains("To: Me <me@example.com>\r\n")
                            .doesNotContain("gone@example.org");
                });
        assertThat(run("dead-letters", "list", "--event", "copied-1").output().lines())
                .singleElement()
                .asString()
                .contains("/dead#copied-1");
        assertThat(run("dead-letters", "show", "copied-1").output())
                .contains("copied to Me <me@example.com>");
    }

    @Test
    void whatIsDiscardedIsHiddenAndNotReplayed() throws Exception {
        publishRefused("discarded-1");

        var discarded = run("dead-letters", "discard", "discarded-1", "--why", "left the company");

        assertThat(discarded).isEqualTo(new Ran(0, "Discarded 1\n"));
        assertThat(run("dead-letters", "list", "--event", "discarded-1").output())
                .isEqualTo("No dead letters\n");
        var replayed = run("dead-letters", "replay", "discarded-1");
        assertThat(replayed.exitCode()).isEqualTo(1);
        assertThat(replayed.output())
                .contains("nothing done, was discarded", "left the company")
                .endsWith("Replayed 0, not replayed 1\n");
        assertThat(received("discarded-1")).isEmpty();
    }

    @Test
    void manyAreReplayedOnlyWhenSaidSo() throws Exception {
        publishRefused("many-1");
        publishRefused("many-2");
        var names = List.of("dead-letters", "replay", "many-1", "many-2");

        var asked = run(names.toArray(String[]::new));
        var dry = run("dead-letters", "replay", "many-1", "many-2", "--dry-run");

        assertThat(asked.exitCode()).isEqualTo(2);
        assertThat(asked.output()).contains("Replay 2 dead letters? Say --yes");
        assertThat(dry.output()).contains("Would be replayed 2\n");
        assertThat(received("many-1")).isEmpty();

        var replayed = run("dead-letters", "replay", "many-1", "many-2", "--yes", "--json");

        assertThat(replayed.output().lines())
                .hasSize(2)
                .allMatch(line -> line.endsWith("\"result\":\"done\",\"kind\":\"replayed\"}"));
        awaitReceived("many-1", 1);
        awaitReceived("many-2", 1);
    }

    @Test
    void aMailHeldInDoubtIsReleasedWithTheSameMessageId() throws Exception {
        publishHeld("held-1");
        awaitReceived("held-1", 1);

        assertThat(run("log", "--held", "--event", "held-1").output())
                .contains("held", "/dead#held-1", "answer-lost", "--release");
        assertThat(run("dead-letters", "replay", "held-1").output())
                .contains("refused: a server may have taken it");

        var released = run("log", "--held", "--release", "held-1");

        assertThat(released).isEqualTo(new Ran(0, "Released 1\n"));
        awaitReceived("held-1", 2);
        OUTMAIL.up().awaitOutcome("sent", "/dead#held-1");
        assertThat(messageId(received("held-1").getLast()))
                .isEqualTo(messageId(received("held-1").getFirst()));
        assertThat(run("log", "--held", "--event", "held-1").output())
                .isEqualTo("No mail is held in doubt\n");
    }

    @Test
    void aMailHeldInDoubtIsDiscardedWhenItArrived() throws Exception {
        publishHeld("held-2");

        var discarded = run("log", "--held", "--discard", "held-2", "--why", "ada has it");

        assertThat(discarded).isEqualTo(new Ran(0, "Discarded 1\n"));
        assertThat(run("log", "--held", "--event", "held-2").output())
                .isEqualTo("No mail is held in doubt\n");
        assertThat(received("held-2")).hasSize(1);
    }

    @Test
    void whatIsNoEventIsShownSafelyAndDiscardedOnly() throws Exception {
        ExternalProgram.assumeInstalled("kcat", "kcat");
        var malformed =
                "{\"id\": \"malformed-1\", \"source\": \"/dead\", \"subjekt\": \"\u001b[2J\"}";
        Files.writeString(folder.resolve("malformed.json"), malformed);
        var kcat = "kcat -P -b " + OUTMAIL.up().kafka() + " -t outmail.events < malformed.json";
        assertThat(OutmailCommand.runShell(folder, kcat, Map.of()).exitCode()).isZero();
        OUTMAIL.up().awaitOutcome("malformed", "/dead#malformed-1");

        var shown = run("dead-letters", "show", "malformed-1");
        var replayed = run("dead-letters", "replay", "malformed-1");
        var discarded = run("dead-letters", "discard", "malformed-1");

        assertThat(shown.output())
                .contains("It is no event:", "subjekt", "\\u001b[2J")
                .doesNotContain("\u001b");
        assertThat(replayed.exitCode()).isEqualTo(1);
        assertThat(replayed.output()).contains("refused: it is no event: ");
        assertThat(discarded).isEqualTo(new Ran(0, "Discarded 1\n"));
    }

    @Test
    void aLetterThatIsNotThereIsAFailure() {
        var ran = run("dead-letters", "replay", "0@123456", "no-such-event");

        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.output()).isEqualTo("There is no dead letter of 0@123456, no-such-event\n");
    }
}
