package dev.outmail.delivery.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.delivery.Reason;
import dev.outmail.delivery.smtp.Ruling.Meaning;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ReplyClassifierTest {

    /// One row of the table in docs/guarantees.md.
    record Row(Stage stage, Answer answer, Ruling ruling) {
        @Override
        public String toString() {
            return stage + ": " + answer.detail() + " means " + ruling;
        }
    }

    static List<Row> documented() throws IOException {
        try (var lines = Files.lines(Path.of("..", "docs", "guarantees.md"))) {
            return lines.dropWhile(line -> !line.startsWith("| at | the server says |"))
                    .skip(2)
                    .takeWhile(line -> line.startsWith("|"))
                    .map(ReplyClassifierTest::row)
                    .toList();
        }
    }

    private static Row row(String line) {
        String[] cells = line.split("\\s*\\|\\s*", -1);
        return new Row(
                Stage.valueOf(constant(cells[1])),
                answer(cells[2]),
                new Ruling(
                        Meaning.valueOf(constant(cells[3])), Reason.valueOf(constant(cells[4]))));
    }

    private static String constant(String words) {
        return words.toUpperCase(Locale.ROOT).replace(' ', '_');
    }

    private static Answer answer(String said) {
        return switch (said) {
            case "*nothing*" -> new Answer.Lost(Reason.CONNECTION_LOST, "reset");
            case "*no SMTP reply*" -> new Answer.Garbled("<html>");
            default -> Reply.parse(said);
        };
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("documented")
    void eachAnswerMeansWhatTheGuaranteesSay(Row row) {
        assertThat(ReplyClassifier.classify(row.stage(), row.answer())).isEqualTo(row.ruling());
    }

    @Test
    void theGuaranteesHaveAllOfThem() throws Exception {
        assertThat(documented()).hasSize(234);
        assertThat(documented()).extracting(Row::stage).contains(Stage.values());
    }

    /// The codes that RFC 5321 and its extensions know as permanent.
    @ParameterizedTest
    @EnumSource(names = {"MAIL", "RCPT", "DATA", "FINAL_DOT"})
    void noCodeButTheKnownOnesRejects(Stage stage) {
        Set<Meaning> rejects = EnumSet.of(Meaning.REJECT_MESSAGE, Meaning.REJECT_RECIPIENT);

        IntStream rejecting =
                IntStream.rangeClosed(200, 599)
                        .filter(code ->
                                rejects.contains(
                                        ReplyClassifier.classify(stage, new Reply(code, null, ""))
                                                .meaning()));

        assertThat(rejecting).containsExactly(550, 551, 552, 553, 554, 556);
    }

    @Test
    void afterTheFinalDotNothingIsRepeatedAtOnce() {
        var rulings =
                IntStream.rangeClosed(200, 599)
                        .mapToObj(code -> new Reply(code, null, ""))
                        .map(reply -> ReplyClassifier.classify(Stage.FINAL_DOT, reply));

        assertThat(rulings)
                .extracting(Ruling::meaning)
                .doesNotContain(Meaning.DESYNC, Meaning.SERVER_TROUBLE);
    }
}
