package dev.outmail.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {
    private static final List<String> KNOWN =
            List.of("to", "cc", "bcc", "subject", "replyTo", "attachments", "worker.max-in-flight");

    @ParameterizedTest
    @CsvSource({
        "sbuject, subject",
        "subjet, subject",
        "Subject, subject",
        "subjectt, subject",
        "repylTo, replyTo",
        "reply-to, replyTo",
        "tos, to",
        "bc, cc",
        "bbc, bcc",
        "attachment, attachments",
        "worker.max.inflight, worker.max-in-flight",
    })
    void typingErrorIsRecognised(String written, String meant) {
        assertThat(Nearest.to(written, KNOWN)).contains(meant);
    }

    @ParameterizedTest
    @CsvSource({"body", "recipients", "x", "''", "subjugation", "attach"})
    void anotherWordIsNotTakenForATypingError(String written) {
        assertThat(Nearest.to(written, KNOWN)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "'', '', 0",
        "a, '', 1",
        "'', abc, 3",
        "abc, abc, 0",
        "abc, acb, 1",
        "abc, bca, 2",
        "kitten, sitting, 3",
        "ca, abc, 3",
    })
    void errorsAreCountedAsInTheBooks(String from, String to, int errors) {
        assertThat(Nearest.errors(from, to)).isEqualTo(errors);
        assertThat(Nearest.errors(to, from)).isEqualTo(errors);
    }
}
