package dev.outmail.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.mail.Attachment;
import dev.outmail.mail.EventLimits;
import dev.outmail.mail.MailEvent;
import dev.outmail.wire.Decoded;
import dev.outmail.wire.EventCodec;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SampleEventsTest {
    private static List<MailEvent> samples(String run, long seed, int count) {
        var samples = new SampleEvents(run, seed);
        return IntStream.range(0, count).mapToObj(samples::event).toList();
    }

    @Test
    void everySampleIsValidAndTravelsWell() {
        var codec = new EventCodec(EventLimits.DEFAULT);

        assertThat(samples("run", 4711, 500))
                .allSatisfy(event ->
                        assertThat(codec.decode(codec.encode(event)))
                                .isEqualTo(new Decoded.Ok(event)));
    }

    @Test
    void thereIsEveryKindOfMailAmongAFew() {
        var few = samples("run", 1, 8);

        assertSome(few, "text only", e -> ((MailEvent.Written) e.content()).html() == null);
        assertSome(few, "HTML only", e -> ((MailEvent.Written) e.content()).text() == null);
        assertSome(
                few,
                "both",
                e ->
                        ((MailEvent.Written) e.content()).html() != null
                                && ((MailEvent.Written) e.content()).text() != null);
        assertSome(
                few,
                "a file",
                e ->
                        ((MailEvent.Written) e.content())
                                .attachments().stream().anyMatch(a -> !a.inline()));
        assertSome(
                few,
                "a picture",
                e ->
                        ((MailEvent.Written) e.content())
                                .attachments().stream().anyMatch(Attachment::inline));
        assertSome(few, "a name beyond ASCII", SampleEventsTest::hasAForeignFileName);
        assertSome(few, "cc", e -> !e.addressing().cc().isEmpty());
        assertSome(few, "bcc", e -> !e.addressing().bcc().isEmpty());
        assertSome(few, "a conversation", e -> e.content().conversation() != null);
        assertSome(
                few, "a header field", e -> !((MailEvent.Written) e.content()).headers().isEmpty());
    }

    private static boolean hasAForeignFileName(MailEvent event) {
        return ((MailEvent.Written) event.content())
                .attachments().stream()
                        .anyMatch(file -> file.name().chars().anyMatch(c -> c > 0x7f));
    }

    private static void assertSome(List<MailEvent> events, String kind, Predicate<MailEvent> is) {
        assertThat(events).as(kind).anyMatch(is);
    }

    @Test
    void theSameSeedGivesTheSameEvents() {
        assertThat(samples("run", 7, 40)).isEqualTo(samples("run", 7, 40));
        assertThat(samples("run", 7, 40)).isNotEqualTo(samples("run", 8, 40));
    }

    @Test
    void noTwoEventsShareAnIdentityWithinOrAcrossRuns() {
        var ids = samples("one", 7, 40).stream().map(MailEvent::id).toList();
        var others = samples("two", 7, 40).stream().map(MailEvent::id).toList();

        assertThat(ids).doesNotHaveDuplicates().doesNotContainAnyElementsOf(others);
    }
}
