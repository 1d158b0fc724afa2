package dev.outmail.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.testkit.Await;
import dev.outmail.testkit.smtp.Act;
import dev.outmail.testkit.smtp.Received;
import dev.outmail.testkit.smtp.ScriptedSmtpServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// However often and by whomever a mail is sent again, it arrives once, and only where it had not
/// arrived.
class ReplayOnceIT {
    @RegisterExtension static final SharedOutmail OUTMAIL = new SharedOutmail();

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final ScriptedSmtpServer SERVER = ScriptedSmtpServer.start();

    @TempDir Path folder;

    @BeforeAll
    static void deliver() {
        OUTMAIL.up()
                .saveSettings(
                        "once",
                        "--connection=smtp",
                        "--smtp-host=127.0.0.1",
                        "--smtp-port=" + SERVER.port(),
                        "--smtp-security=none",
                        "--from=Once <once@example.com>");
    }

    @BeforeEach
    void behave() {
        SERVER.behave();
    }

    @AfterAll
    static void close() {
        SERVER.close();
    }

    private static String event(String id, String more) {
        return """
        {"id": "%s", "source": "/once", "profile": "once", "subject": "About %s", "text": "t", %s}
        """
                .formatted(id, id, more);
    }

    private void publish(String events) throws IOException {
        var file = Files.writeString(folder.resolve("events.jsonl"), events).toString();
        assertThat(OUTMAIL.up().run("publish", "--quiet", file).exitCode()).isZero();
    }

    private static List<Received> received(String idPrefix) {
        return SERVER.received().stream()
                .filter(mail -> mail.text().contains("Subject: About " + idPrefix))
                .toList();
    }

    private static void awaitReceived(String idPrefix, int count) {
        Await.until(
                PATIENCE,
                () -> received(idPrefix).size() >= count,
                () -> count + " of " + idPrefix + "; there are " + received(idPrefix).size());
    }

    /// Returns when all that was published before was begun: a hundred more arrive, in every
    /// partition some.
    private void awaitWhatIsUnderWay(String marker) throws IOException {
        publish(
                IntStream.range(0, 100)
                        .mapToObj(i ->
                                event(marker + "-" + i, "\"to\": [\"m" + i + "@example.org\"]"))
                        .collect(Collectors.joining()));
        awaitReceived(marker, 100);
    }

    private static String[] replaying(String by, String... which) {
        return Stream.concat(
                        Stream.of("dead-letters", "replay", "--yes", "--json", "--by", by),
                        Stream.of(which))
                .toArray(String[]::new);
    }

    /// Two replay the same at once.
    private static void assertBothReplay(String one, String other, String... which) {
        var both =
                Stream.of(one, other)
                        .map(by ->
                                CompletableFuture.supplyAsync(
                                        () -> OUTMAIL.up().run(replaying(by, which))))
                        .toList();
        assertThat(both).allSatisfy(ran -> assertThat(ran.join().exitCode()).isZero());
    }

    @Test
    void aDoubleClickIsOneMail() throws Exception {
        SERVER.on("RCPT TO:<gone@", "550 5.1.1 no such user");
        publish(event("click", "\"to\": [\"gone@example.org\"]"));
        OUTMAIL.up().awaitOutcome("rejected", "/once#click");
        SERVER.behave();

        assertBothReplay("ada", "ada", "click");

        awaitReceived("click", 1);
        awaitWhatIsUnderWay("click-marker");
        assertThat(received("click\r\n")).hasSize(1);
    }

    @Test
    void aReplayGoesOnlyToThoseWhoDidNotGetIt() throws Exception {
        SERVER.on("RCPT TO:<gone@", "550 5.1.1 no such user");
        publish(event("some", "\"to\": [\"ada@example.org\", \"gone@example.org\"]"));
        OUTMAIL.up().awaitOutcome("rejected", "/once#some");
        SERVER.behave();

        var replayed = OUTMAIL.up().run(replaying("ada", "some"));
        assertThat(replayed.exitCode()).as(replayed.output()).isZero();

        awaitReceived("some", 2);
        assertThat(received("some").getFirst().recipients()).containsExactly("<ada@example.org>");
        assertThat(received("some").getLast().recipients()).containsExactly("<gone@example.org>");
    }

    @Test
    void whatIsReleasedIsTheSameMessage() throws Exception {
        SERVER.once(".", Act.close());
        publish(event("doubt", "\"to\": [\"ada@example.org\"], \"onDoubt\": \"hold\""));
        OUTMAIL.up().awaitOutcome("held", "/once#doubt");

        var released = OUTMAIL.up().run("log", "--held", "--release", "doubt");

        assertThat(released.exitCode()).as(released.output()).isZero();
        awaitReceived("doubt", 2);
        assertThat(received("doubt").getLast().text())
                .isEqualTo(received("doubt").getFirst().text());
    }

    /// T24.
    @Test
    void manyReplayedByTwoPeopleAfterAThirdWasKilledArriveOnceEach() throws Exception {
        int count = 300;
        SERVER.on("RCPT TO:<gone", "550 5.1.1 no such user");
        publish(
                IntStream.range(0, count)
                        .mapToObj(
                                i -> event("many-" + i, "\"to\": [\"gone" + i + "@example.org\"]"))
                        .collect(Collectors.joining()));
        Await.until(PATIENCE, () -> refused() >= count, () -> refused() + " are refused");
        Await.until(PATIENCE, () -> listed().size() == count, () -> listed().size() + " letters");
        SERVER.behave();

        try (var killed = OUTMAIL.up().start(replaying("eve", "--profile", "once"))) {
            killed.awaitOutput("\"result\":\"done\"", PATIENCE);
            killed.kill();
        }
        assertBothReplay("ada", "bob", "--profile", "once");

        awaitReceived("many-", count);
        awaitWhatIsUnderWay("marker");
        assertThat(received("many-")).hasSize(count);
        assertThat(
                        received("many-").stream()
                                .flatMap(mail -> mail.recipients().stream())
                                .distinct())
                .hasSize(count);
        assertThat(listed()).isEmpty();
        assertThat(listed("--all"))
                .hasSizeGreaterThanOrEqualTo(count)
                .allMatch(line -> line.contains("\"kind\":\"replayed\""));
    }

    private static long refused() {
        return SERVER.heard().stream()
                .filter(heard -> heard.line().startsWith("RCPT TO:<gone"))
                .count();
    }

    private static List<String> listed(String... more) {
        var arguments =
                Stream.concat(
                        Stream.of(
                                "dead-letters",
                                "list",
                                "--json",
                                "--profile=once",
                                "--reason=unknown-recipient"),
                        Stream.of(more));
        return OUTMAIL.up()
                .run(arguments.toArray(String[]::new))
                .output()
                .lines()
                .filter(line -> line.startsWith("{"))
                .toList();
    }
}
