package dev.outmail.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.cli.demo.MailCatcher.Arrival;
import dev.outmail.delivery.mime.MessageId;
import dev.outmail.mail.MailEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// The demo's check can fail: each way in which mail goes wrong shows in its own figure.
class TallyTest {
    private static final MailEvent FIRST = event("first", "a@example.org", "b@example.org");
    private static final MailEvent SECOND = event("second", "a@example.org");
    private static final Map<MailEvent, Long> PUBLISHED =
            new LinkedHashMap<>(Map.of(FIRST, millis(1_000), SECOND, millis(1_010)));

    private static MailEvent event(String id, String... to) {
        return MailEvent.builder().id(id).to(to).subject("").text("").build();
    }

    private static long millis(long millis) {
        return Duration.ofMillis(millis).toNanos();
    }

    private static Arrival arrival(MailEvent event, String recipient, long atMillis) {
        return new Arrival(MessageId.of(event.id()), recipient, millis(atMillis));
    }

    private static List<Arrival> everything() {
        return new ArrayList<>(
                List.of(
                        arrival(FIRST, "a@example.org", 1_040),
                        arrival(FIRST, "b@example.org", 1_050),
                        arrival(SECOND, "a@example.org", 1_030)));
    }

    @Test
    void oneCopyForEachRecipientIsRight() {
        var tally = Tally.of(PUBLISHED, everything());

        assertThat(tally)
                .isEqualTo(
                        new Tally(
                                3,
                                3,
                                0,
                                0,
                                0,
                                Duration.ofMillis(40),
                                Duration.ofMillis(50),
                                Duration.ofMillis(50)));
        assertThat(tally.right()).isTrue();
    }

    @Test
    void aRecipientWhoGotNothingIsALoss() {
        var arrivals = everything();
        arrivals.removeFirst();

        var tally = Tally.of(PUBLISHED, arrivals);

        assertThat(tally.lost()).isEqualTo(1);
        assertThat(tally.arrived()).isEqualTo(2);
        assertThat(tally.right()).isFalse();
    }

    @Test
    void aSecondCopyIsADouble() {
        var arrivals = everything();
        arrivals.add(arrival(SECOND, "a@example.org", 2_000));

        var tally = Tally.of(PUBLISHED, arrivals);

        assertThat(tally.doubled()).isEqualTo(1);
        assertThat(tally.arrived()).isEqualTo(3);
        assertThat(tally.lost()).isZero();
        assertThat(tally.right()).isFalse();
    }

    @Test
    void aDoubleDoesNotMakeUpForALoss() {
        var arrivals = everything();
        arrivals.set(0, arrival(SECOND, "a@example.org", 1_040));

        var tally = Tally.of(PUBLISHED, arrivals);

        assertThat(tally.lost()).isEqualTo(1);
        assertThat(tally.doubled()).isEqualTo(1);
        assertThat(tally.right()).isFalse();
    }

    @Test
    void aCopyForSomebodyElseIsUnknown() {
        var arrivals = everything();
        arrivals.add(arrival(SECOND, "b@example.org", 1_050));
        arrivals.add(new Arrival("<stranger@example.org>", "a@example.org", millis(1_050)));

        var tally = Tally.of(PUBLISHED, arrivals);

        assertThat(tally.unknown()).isEqualTo(2);
        assertThat(tally.lost()).isZero();
        assertThat(tally.right()).isFalse();
    }

    @Test
    void nothingArrivedIsAllLost() {
        var tally = Tally.of(PUBLISHED, List.of());

        assertThat(tally)
                .isEqualTo(new Tally(3, 0, 3, 0, 0, Duration.ZERO, Duration.ZERO, Duration.ZERO));
        assertThat(tally.right()).isFalse();
    }

    @Test
    void halfOfTheCopiesTookLongerThanTheMedianAndOneInAHundredLongerThanTheOther() {
        var published = new LinkedHashMap<MailEvent, Long>();
        var arrivals = new ArrayList<Arrival>();
        for (int i = 1; i <= 100; i++) {
            var event = event("mail-" + i, "a@example.org");
            published.put(event, millis(0));
            arrivals.add(arrival(event, "a@example.org", i));
        }
        Collections.shuffle(arrivals, new Random(1));

        var tally = Tally.of(published, arrivals);

        assertThat(tally.median()).isEqualTo(Duration.ofMillis(50));
        assertThat(tally.percentile99()).isEqualTo(Duration.ofMillis(99));
        assertThat(tally.wall()).isEqualTo(Duration.ofMillis(100));
    }
}
