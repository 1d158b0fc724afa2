package dev.outmail.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What an admin sees and sets of what recipients chose.
class PreferencesIT {
    @RegisterExtension static final SharedOutmail OUTMAIL = new SharedOutmail();

    private static OutmailCommand.Ran run(String command) {
        return OUTMAIL.up().run(("preferences " + command).split(" "));
    }

    @Test
    void whatRecipientsChoseIsSetShownAndCleared() {
        assertThat(run("set ada@CHOSEN.example --timing instantly"))
                .isEqualTo(new OutmailCommand.Ran(0, "ada@chosen.example: instantly\n"));
        assertThat(run("set bob@chosen.example --timing in-background --json").output())
                .isEqualTo("{\"address\":\"bob@chosen.example\",\"timing\":\"in-background\"}\n");

        assertThat(run("show ada@chosen.example"))
                .isEqualTo(new OutmailCommand.Ran(0, "ada@chosen.example: instantly\n"));
        assertThat(run("show").output())
                .contains("ada@chosen.example: instantly\nbob@chosen.example: in-background\n");
        assertThat(run("show --json").output().lines())
                .contains("{\"address\":\"ada@chosen.example\",\"timing\":\"instantly\"}");

        assertThat(run("clear ada@chosen.example").exitCode()).isZero();
        assertThat(run("show ada@chosen.example"))
                .isEqualTo(new OutmailCommand.Ran(1, "ada@chosen.example has chosen nothing\n"));
        assertThat(run("show").output()).doesNotContain("ada@chosen.example");
    }
}
