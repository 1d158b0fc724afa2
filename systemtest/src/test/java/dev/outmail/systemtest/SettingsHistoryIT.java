package dev.outmail.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.systemtest.OutmailCommand.Ran;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What an admin sees of the settings' past.
class SettingsHistoryIT {
    @RegisterExtension static final SharedOutmail OUTMAIL = new SharedOutmail();

    private static Ran run(String command, String profile, String... more) {
        var words = new ArrayList<>(List.of("settings", command, "--profile", profile));
        words.addAll(List.of(more));
        return OUTMAIL.up().run(words.toArray(String[]::new));
    }

    @Test
    void whoChangedWhatAndWhyIsShownAndCanBeUndone() {
        assertThat(run("set", "past", "--timing=instantly", "--by=ada", "--why=first").exitCode())
                .isZero();
        assertThat(
                        run(
                                        "set",
                                        "past",
                                        "--base=1",
                                        "--connection=smtp",
                                        "--smtp-host=127.0.0.1",
                                        "--smtp-username=app",
                                        "--smtp-password=env:PAST_PASSWORD",
                                        "--by=bob")
                                .exitCode())
                .isZero();

        var history = run("history", "past");
        assertThat(history.exitCode()).isZero();
        assertThat(history.output())
                .containsPattern("Profile past, revision 1, \\S+ \\S+Z, by ada: first\n")
                .containsPattern("Profile past, revision 2, \\S+ \\S+Z, by bob\n")
                .contains("  connection.mode: silent -> smtp\n")
                .contains("  connection.password: (none) -> changed\n")
                .doesNotContain("PAST_PASSWORD");
        assertThat(run("history", "past", "--last=1", "--json").output().lines())
                .singleElement()
                .asString()
                .startsWith("{\"profile\":\"past\",\"at\":\"")
                .contains("\"by\":\"bob\"", "\"field\":\"connection.mode\"");
        assertThat(run("diff", "past").output())
                .startsWith("Profile past, revision 1 -> 2\n")
                .contains("  connection.mode: silent -> smtp\n");

        var refused = run("set", "past", "--base=1", "--timing=in-background");
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.output())
                .contains("another save came first", "Now it is revision 2", "by bob")
                .contains("  connection.mode: silent -> smtp\n");

        var restored = run("restore", "past", "1", "--by=ada");
        assertThat(restored.exitCode()).isZero();
        assertThat(restored.output())
                .startsWith("Profile past, revision 3\n")
                .contains("\"silent\"");
        assertThat(run("diff", "past", "1", "3").output()).contains("nothing differs");
        assertThat(run("history", "past", "--last=1").output())
                .contains("by ada: restored revision 1\n");
    }

    @Test
    void aSenderWhoseRepliesGoAstrayIsSavedWithAWarning() {
        assertThat(run("set", "astray-1", "--from=astray@example.com").output())
                .doesNotContain("Warning");

        var saved =
                run(
                        "set",
                        "astray-2",
                        "--from=astray@example.com",
                        "--incoming-address=in@example.com");

        assertThat(saved.exitCode()).isZero();
        assertThat(saved.output())
                .contains("Profile astray-2, revision 1\n", "Warning: ", "'astray-1'")
                .contains("is not the incoming address in@example.com");
        assertThat(run("set", "astray-2", "--only-to=example.org,.example.org").exitCode())
                .isZero();
        assertThat(run("diff", "astray-2").output())
                .contains("  onlyTo: (none) -> [\"example.org\",\".example.org\"]\n");
    }

    @Test
    void whatHistoryDoesNotHaveIsAFailure() {
        assertThat(run("set", "short", "--timing=instantly").exitCode()).isZero();

        assertThat(run("history", "nobody").exitCode()).isEqualTo(1);
        var restored = run("restore", "short", "9");
        assertThat(restored.exitCode()).isEqualTo(1);
        assertThat(restored.output()).contains("'short' has no revision 9; history has 1 to 1");
        assertThat(run("restore", "short").exitCode()).isEqualTo(2);
    }
}
