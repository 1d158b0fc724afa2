package dev.outmail.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.testkit.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// `outmail publish` and `outmail log`, as a user calls them.
class LogIT {
    @RegisterExtension static final SharedOutmail OUTMAIL = new SharedOutmail();

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir Path folder;

    @BeforeAll
    static void silence() {
        OUTMAIL.up()
                .saveSettings("log", "--connection", "silent", "--from", "Log <log@example.com>");
    }

    private static String json(String id) {
        return """
        {"id": "%s", "source": "/log", "profile": "log", "to": ["a@example.org"], "subject": "s", "text": "t"}
        """
                .formatted(id);
    }

    private String file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content).toString();
    }

    @Test
    void followingShowsWhatComes() throws IOException {
        // of the last ones, too: what comes may be there before it looks
        try (var log = OUTMAIL.up().start("log", "--follow", "--last", "10")) {
            var lines = file("events.jsonl", json("follow-1") + json("follow-2"));

            var published = OUTMAIL.up().run("publish", lines);

            assertThat(published).isEqualTo(new OutmailCommand.Ran(0, "Published 2\n"));
            log.awaitOutput("silenced  /log#follow-1 ", PATIENCE);
            log.awaitOutput("silenced  /log#follow-2 ", PATIENCE);
        }
    }

    @Test
    void followingEndsWhenNobodyReadsAnyMore() throws IOException {
        OutmailCommand.install(folder);
        var lines = file("events.jsonl", json("unread-1") + json("unread-2"));
        var follow = "./outmail log --follow --last 0 | head -n 1";

        try (var shell = OutmailCommand.startShell(folder, follow, OUTMAIL.up().environment())) {
            // It learns that head(1) has gone when it writes again.
            Await.until(
                    PATIENCE,
                    () -> {
                        OUTMAIL.up().run("publish", lines);
                        return !shell.isRunning();
                    },
                    () -> "the log ends; it said: " + shell.output());

            assertThat(shell.awaitExit(PATIENCE)).isZero();
            assertThat(shell.output().lines()).hasSize(1);
        }
    }

    @Test
    void whatIsNoEventIsTheOnlyOneNotPublished() throws IOException {
        var lines = file("events.jsonl", json("good-1") + "{\"id\": \"bad\"}\n" + json("good-2"));

        var published = OUTMAIL.up().run("publish", lines);

        assertThat(published.exitCode()).isEqualTo(1);
        assertThat(published.output())
                .contains(lines + ", line 2: not a mail event", "  subject: ")
                .endsWith("Published 2, not published 1\n");
        OUTMAIL.up().awaitOutcome("silenced", "/log#good-2");
    }

    @Test
    void anEventThatIsNotInTheLogIsAFailure() {
        var ran = OUTMAIL.up().run("log", "--event", "nobody-sent-this");

        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.output())
                .isEqualTo("The log has no entry for an event 'nobody-sent-this'\n");
    }

    @Test
    void theSettingsOfAnUnknownProfileAreAFailure() {
        var ran = OUTMAIL.up().run("settings", "show", "--profile", "nobody-saved-this");

        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.output()).contains("no profile 'nobody-saved-this'", "default", "log");
    }

    @Test
    void aSaveBasedOnAnOlderRevisionIsRefused() {
        var ran =
                OUTMAIL.up()
                        .run(
                                "settings",
                                "set",
                                "--profile",
                                "log",
                                "--base",
                                "77",
                                "--timing",
                                "instantly");

        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.output()).contains("another save came first", "Now it is revision 1");
    }
}
