package dev.outmail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.deadletters.DeadLetter.Summary;
import dev.outmail.deadletters.DeadLetterIndex.Entry;
import dev.outmail.deadletters.LetterPosition;
import dev.outmail.deadletters.Resolution;
import dev.outmail.deadletters.Result;
import dev.outmail.deadletters.Why;
import dev.outmail.mail.EventId;
import dev.outmail.wire.LogEntry;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class LetterViewTest {
    private static final String HOSTILE = "\u001b[2J\r\n\u202e\u0000";
    private static final Instant AT = Instant.parse("2026-01-15T12:00:00Z");

    private static Entry entry(String text, List<Resolution> resolutions) {
        var origin = new LogEntry.Position("outmail.events", 3, 41);
        var why = new Why("rejected", text, text, 1, 2, 7, AT, origin, List.of());
        var id = new EventId("/app", "1");
        return new Entry(
                new Summary(new LetterPosition(3, 17), AT, why, id, "default", 100), resolutions);
    }

    @Test
    void aLetterIsOneLine() {
        assertThat(LetterView.line(entry("policy", List.of())))
                .isEqualTo(
                        "2026-01-15T12:00:00Z 3@17 rejected  /app#1 attempts=1 revision=7 bytes=100 policy: policy");
    }

    @Test
    void whoDidWhatIsToldBehindIt() {
        var done = new Resolution(Resolution.Kind.REPLAYED, "ada@desk", "fixed", null, AT);

        assertThat(LetterView.line(entry("policy", List.of(done))))
                .endsWith("policy [replayed 2026-01-15T12:00:00Z by ada@desk: fixed]");
    }

    @Test
    void aCopyDoesNotCountAsDone() {
        var copy = new Resolution(Resolution.Kind.COPIED, "ada@desk", "", "me@example.com", AT);

        assertThat(LetterView.line(entry("policy", List.of(copy)))).doesNotContain("[");
        assertThat(LetterView.resolution(copy))
                .isEqualTo("copied to me@example.com 2026-01-15T12:00:00Z by ada@desk");
    }

    @Test
    void hostileTextMovesNothing() {
        var done = new Resolution(Resolution.Kind.REPLAYED, HOSTILE, HOSTILE, HOSTILE, AT);

        assertThat(LetterView.line(entry(HOSTILE, List.of(done))))
                .contains("\\u001b[2J\\r\\n\\u202e\\u0000")
                .matches("\\P{Cntrl}*")
                .doesNotContain("\u202e");
        assertThat(LetterView.result(new Result.Refused(HOSTILE)))
                .isEqualTo("refused: \\u001b[2J\\r\\n\\u202e\\u0000");
    }
}
