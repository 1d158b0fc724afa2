package dev.outmail.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DomainSharesTest {
    private static final Set<String> TARPIT = Set.of("tarpit.example");
    private static final Set<String> OTHERS = Set.of("example.net");
    private static final int ROOM = 20;

    private final AtomicLong nanos = new AtomicLong();
    private final DomainShares shares = new DomainShares(nanos::get);

    @BeforeEach
    void room() {
        shares.resize(ROOM);
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private void usually(Duration time) {
        for (int i = 0; i < 100; i++) {
            var stay = shares.begin(OTHERS);
            pass(time);
            shares.end(stay);
        }
    }

    private List<DomainShares.Stay> begin(Set<String> to, int count) {
        var all = new ArrayList<DomainShares.Stay>();
        for (int i = 0; i < count; i++) {
            all.add(shares.begin(to));
        }
        return all;
    }

    @Test
    void aSlowDomainHasNoMoreThanHalf() {
        usually(Duration.ofMillis(10));
        begin(TARPIT, ROOM / 2 - 1);
        pass(Duration.ofSeconds(1));
        assertThat(shares.isUsedUp(TARPIT)).isFalse();

        begin(TARPIT, 1);

        assertThat(shares.isUsedUp(TARPIT)).isTrue();
        assertThat(shares.isUsedUp(OTHERS)).isFalse();
        assertThat(shares.isUsedUp(Set.of("example.net", "tarpit.example"))).isTrue();
    }

    @Test
    void itGetsMoreWhenOneOfItsOwnIsThrough() {
        usually(Duration.ofMillis(10));
        var all = begin(TARPIT, ROOM / 2);
        pass(Duration.ofSeconds(1));

        shares.end(all.getFirst());

        assertThat(shares.isUsedUp(TARPIT)).isFalse();
    }

    /// What was sent away comes back all at once, when those before it are through.
    @Test
    void aSlowDomainIsRememberedUntilOneOfItsMailsIsQuick() {
        usually(Duration.ofMillis(10));
        var all = begin(TARPIT, ROOM / 2);
        pass(Duration.ofSeconds(30));
        all.forEach(shares::end);

        var more = begin(TARPIT, ROOM / 2);
        assertThat(shares.isUsedUp(TARPIT)).isTrue();

        pass(Duration.ofMillis(10));
        shares.end(more.getFirst());
        begin(TARPIT, 1);
        assertThat(shares.isUsedUp(TARPIT)).isFalse();
    }

    @Test
    void aDomainThatTakesNoLongerThanUsualMayHaveAll() {
        usually(Duration.ofMillis(400));

        begin(OTHERS, ROOM);
        pass(Duration.ofSeconds(1));

        assertThat(shares.isUsedUp(OTHERS)).isFalse();
    }

    @Test
    void oneThatIsSlowForAMomentIsNot() {
        usually(Duration.ofMillis(10));

        begin(OTHERS, ROOM);
        pass(Duration.ofMillis(499));

        assertThat(shares.isUsedUp(OTHERS)).isFalse();
    }

    @Test
    void aFewThatTakeLongDoNotMakeItSlow() {
        usually(Duration.ofMillis(10));
        begin(OTHERS, ROOM / 4 - 1);
        pass(Duration.ofSeconds(9));

        begin(OTHERS, ROOM / 2);

        assertThat(shares.isUsedUp(OTHERS)).isFalse();
    }

    @Test
    void whatIsSlowForLongIsUsual() {
        usually(Duration.ofMillis(10));
        usually(Duration.ofSeconds(30));

        begin(OTHERS, ROOM);
        pass(Duration.ofSeconds(30));

        assertThat(shares.isUsedUp(OTHERS)).isFalse();
    }

    @Test
    void nothingIsUnusualBeforeAnythingEnded() {
        begin(TARPIT, ROOM);
        pass(Duration.ofMinutes(1));

        assertThat(shares.isUsedUp(TARPIT)).isFalse();
    }
}
