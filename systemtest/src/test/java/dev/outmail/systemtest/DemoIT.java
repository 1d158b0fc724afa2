package dev.outmail.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class DemoIT {
    @Test
    void theDemoEndsWithItsTableAndEveryFigureRight() {
        var ran = OutmailCommand.run(Map.of(), "demo", "--count", "200");

        assertThat(ran.exitCode()).as(ran.output()).isZero();
        assertThat(ran.output())
                .containsPattern("published +200 events")
                .containsPattern("lost +0\\R")
                .containsPattern("doubled +0\\R")
                .containsPattern("unknown +0\\R")
                .containsPattern("silent +8 +silenced +8 +0 +0\\R")
                .containsPattern("disabled +8 +dropped +8 +0 +0\\R")
                .containsPattern("native +8 +sent +8 +0 +8\\R")
                .endsWith("Every figure is right.\n");
    }
}
