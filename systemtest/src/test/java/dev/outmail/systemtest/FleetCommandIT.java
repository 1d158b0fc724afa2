package dev.outmail.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What an operator sees of the fleet.
class FleetCommandIT {
    @RegisterExtension static final SharedOutmail OUTMAIL = new SharedOutmail();

    @Test
    void aSaveSaysWhoAppliesItAndTheFleetShowsIt() {
        var saved = OUTMAIL.up().run("settings", "set", "--profile=fleet", "--timing=instantly");

        assertThat(saved.exitCode()).isZero();
        assertThat(saved.output())
                .containsPattern("Revision 1 applied by 1 of 1 worker in \\d+ ms\n");

        var fleet = OUTMAIL.up().run("fleet");
        assertThat(fleet.exitCode()).isZero();
        assertThat(fleet.output())
                .containsPattern(
                        "^Worker up, Outmail \\S+ on \\S+, since \\S+Z, heard \\S+ s ago\n")
                .containsPattern("\n  partitions 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11\n")
                .containsPattern("\n  applied    .*fleet revision 1");
        assertThat(OUTMAIL.up().run("fleet", "--json").output().lines())
                .singleElement()
                .asString()
                .startsWith("{\"id\":\"up\",\"heard\":\"")
                .contains("\"kind\":\"worker\"", "\"fleet\":1");
    }

    @Test
    void whoDoesNotWaitIsToldNothingOfTheFleet() {
        var saved =
                OUTMAIL.up()
                        .run(
                                "settings",
                                "set",
                                "--profile=hasty",
                                "--timing=instantly",
                                "--wait=PT0S");

        assertThat(saved.exitCode()).isZero();
        assertThat(saved.output()).doesNotContain("applied");
        assertThat(Pattern.compile("revision 1").matcher(saved.output()).find()).isTrue();
    }
}
