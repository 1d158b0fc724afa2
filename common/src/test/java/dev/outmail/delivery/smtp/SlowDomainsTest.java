package dev.outmail.delivery.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.delivery.smtp.SlowDomains.Hold;
import dev.outmail.delivery.smtp.SlowDomains.Share;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SlowDomainsTest {
    private static final Set<String> TARPIT = Set.of("tarpit.example");
    private static final Set<String> OTHERS = Set.of("example.net");
    private static final int CONNECTIONS = 10;

    private final ManualTicker ticker = new ManualTicker();
    private final SlowDomains domains = new SlowDomains();

    private void carry(Set<String> to, Duration time) {
        Hold hold = begin(to);
        ticker.advance(time);
        domains.end(hold, true, ticker.getAsLong());
    }

    private Hold begin(Set<String> to) {
        Hold hold = domains.begin(to);
        domains.opened(hold, ticker.getAsLong());
        return hold;
    }

    private void usually(Duration time) {
        for (int i = 0; i < 200; i++) {
            carry(OTHERS, time);
        }
    }

    private List<Hold> hold(Set<String> to, int connections) {
        List<Hold> all = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            all.add(begin(to));
        }
        return all;
    }

    private Share shareOf(Set<String> to) {
        return domains.share(to, CONNECTIONS, null, ticker.getAsLong());
    }

    @Test
    void nothingIsUnusualBeforeAnythingEnded() {
        hold(TARPIT, 9);
        ticker.advance(Duration.ofSeconds(30));

        assertThat(shareOf(TARPIT)).isEqualTo(Share.FULL);
    }

    @Test
    void aDomainThatIsAsQuickAsUsualMayHaveThemAll() {
        usually(Duration.ofMillis(100));

        hold(OTHERS, 9);
        ticker.advance(Duration.ofMillis(300));

        assertThat(shareOf(OTHERS)).isEqualTo(Share.FULL);
    }

    @Test
    void oneThatHoldsAConnectionForLongGetsHalfOfThem() {
        usually(Duration.ofMillis(100));

        hold(TARPIT, 4);
        ticker.advance(Duration.ofMillis(2_001));

        assertThat(shareOf(TARPIT)).isEqualTo(Share.FULL);
        hold(TARPIT, 1);
        assertThat(shareOf(TARPIT)).isEqualTo(Share.NONE);
        assertThat(shareOf(OTHERS)).isEqualTo(Share.FULL);
    }

    @Test
    void beforeItIsKnownToBeSlowOthersGoFirst() {
        usually(Duration.ofMillis(10));

        hold(TARPIT, 5);
        ticker.advance(Duration.ofMillis(50));

        assertThat(shareOf(TARPIT)).isEqualTo(Share.AFTER_OTHERS);
    }

    @Test
    void whereEverythingTakesLongNobodyIsSlow() {
        usually(Duration.ofSeconds(3));

        hold(OTHERS, 9);
        ticker.advance(Duration.ofSeconds(11));

        assertThat(shareOf(OTHERS)).isEqualTo(Share.FULL);
    }

    @Test
    void itIsSlowUntilOneOfItsMessagesTookLess() {
        usually(Duration.ofMillis(100));
        carry(TARPIT, Duration.ofSeconds(30));

        List<Hold> five = hold(TARPIT, 5);
        assertThat(shareOf(TARPIT)).isEqualTo(Share.NONE);
        ticker.advance(Duration.ofMillis(100));
        domains.end(five.getFirst(), true, ticker.getAsLong());
        hold(TARPIT, 1);

        assertThat(shareOf(TARPIT)).isEqualTo(Share.FULL);
    }

    @Test
    void aTarpitDoesNotMakeItselfUsual() {
        usually(Duration.ofMillis(100));
        for (int i = 0; i < 50; i++) {
            carry(TARPIT, Duration.ofSeconds(30));
            usually(Duration.ofMillis(100));
        }

        hold(TARPIT, 5);
        ticker.advance(Duration.ofMillis(2_001));

        assertThat(shareOf(TARPIT)).isEqualTo(Share.NONE);
    }

    @Test
    void whatItTookToOpenAConnectionIsNotHeldAgainstIt() {
        List<Hold> nine = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            nine.add(domains.begin(OTHERS));
        }
        ticker.advance(Duration.ofSeconds(10));
        assertThat(shareOf(OTHERS)).isEqualTo(Share.FULL);

        nine.forEach(hold -> domains.end(hold, false, ticker.getAsLong()));
        hold(OTHERS, 9);

        assertThat(shareOf(OTHERS)).isEqualTo(Share.FULL);
    }

    @Test
    void aConnectionThatWouldBeGivenBackDoesNotCount() {
        usually(Duration.ofMillis(100));
        carry(TARPIT, Duration.ofSeconds(3));
        Hold only = begin(TARPIT);

        assertThat(domains.share(TARPIT, 1, null, ticker.getAsLong())).isEqualTo(Share.NONE);
        assertThat(domains.share(TARPIT, 1, only, ticker.getAsLong())).isEqualTo(Share.FULL);
    }

    @Test
    void aMessageToSeveralDomainsMayHaveWhatTheSlowestMay() {
        usually(Duration.ofMillis(100));
        carry(TARPIT, Duration.ofSeconds(3));
        hold(TARPIT, 5);

        assertThat(shareOf(Set.of("example.net", "tarpit.example"))).isEqualTo(Share.NONE);
    }
}
