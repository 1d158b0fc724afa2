package dev.outmail.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.wire.OutcomeName;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DemoReportTest {
    private static final DemoReport.Few SILENT =
            new DemoReport.Few("silent", 8, OutcomeName.SILENCED, 8, 0, 0, 0, 0);
    private static final DemoReport.Few NATIVE =
            new DemoReport.Few("native", 8, OutcomeName.SENT, 8, 0, 8, 8, 8);

    private static Tally tally(int lost, int doubled, int unknown) {
        return new Tally(
                30,
                30 - lost,
                lost,
                doubled,
                unknown,
                Duration.ofMillis(12),
                Duration.ofMillis(34),
                Duration.ofSeconds(2));
    }

    private static DemoReport report(Tally tally, int logged, DemoReport.Few... others) {
        return new DemoReport(20, tally, logged, List.of(others));
    }

    private static DemoReport.Few nativeMailer(
            int asExpected, int atServer, int calls, int rightCalls) {
        return new DemoReport.Few(
                "native", 8, OutcomeName.SENT, asExpected, atServer, calls, 8, rightCalls);
    }

    private static String printed(DemoReport report) {
        var out = new StringWriter();
        report.print(new PrintWriter(out));
        return out.toString();
    }

    @Test
    void everyFigureAsItShouldBeIsRight() {
        var report = report(tally(0, 0, 0), 20, SILENT, NATIVE);

        assertThat(report.right()).isTrue();
        assertThat(printed(report))
                .contains("20 events for 30 recipients")
                .contains("20 events logged, 30 copies arrived")
                .containsPattern("lost +0\\R")
                .containsPattern("doubled +0\\R")
                .contains("p50 12 ms, p99 34 ms")
                .containsPattern("mails per second +10\\R")
                .contains("Every figure is right.");
    }

    static Stream<Arguments> wrong() {
        var sound = tally(0, 0, 0);
        return Stream.of(
                Arguments.of("a copy lost", report(tally(1, 0, 0), 20, SILENT, NATIVE)),
                Arguments.of("a copy doubled", report(tally(0, 1, 0), 20, SILENT, NATIVE)),
                Arguments.of("a copy unknown", report(tally(0, 0, 1), 20, SILENT, NATIVE)),
                Arguments.of("an event not logged", report(sound, 19, SILENT, NATIVE)),
                Arguments.of(
                        "not the outcome", report(sound, 20, SILENT, nativeMailer(7, 0, 8, 8))),
                Arguments.of("a leak", report(sound, 20, SILENT, nativeMailer(8, 1, 8, 8))),
                Arguments.of("no call", report(sound, 20, SILENT, nativeMailer(8, 0, 7, 7))),
                Arguments.of(
                        "a call too many", report(sound, 20, SILENT, nativeMailer(8, 0, 9, 8))),
                Arguments.of("a wrong call", report(sound, 20, SILENT, nativeMailer(8, 0, 8, 7))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrong")
    void oneWrongFigureMakesItWrong(String what, DemoReport report) {
        assertThat(report.right()).as(what).isFalse();
        assertThat(printed(report)).contains("NOT every figure is right.");
    }
}
