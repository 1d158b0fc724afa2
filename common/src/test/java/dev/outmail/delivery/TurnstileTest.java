package dev.outmail.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.testkit.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Who waits where hardly anybody comes in. Time is the test's.
@Timeout(20)
class TurnstileTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Duration A_MINUTE = Duration.ofMinutes(1);
    private static final int WAITING = 20;

    private final AtomicLong nanos = new AtomicLong();
    private final Turnstile turnstile = new Turnstile(nanos::get);
    private final List<FutureTask<Boolean>> line = new ArrayList<>();

    @BeforeEach
    void fill() {
        turnstile.resize(1);
        assertThat(turnstile.enterAtOnce()).isTrue();
        for (int i = 0; i < WAITING; i++) {
            var _ = join();
        }
    }

    private FutureTask<Boolean> join() {
        int before = turnstile.waiting();
        var task = new FutureTask<>(() -> turnstile.enter(A_MINUTE));
        line.add(task);
        Thread.ofVirtual().start(task);
        Await.until(SOON, () -> turnstile.waiting() == before + 1, "it waits");
        return task;
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private static boolean cameIn(FutureTask<Boolean> waiter) throws Exception {
        return waiter.get(SOON.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    void whoIsInNobodysWayWaits() {
        pass(Duration.ofSeconds(59));

        turnstile.sweep(false);

        assertThat(turnstile.waiting()).isEqualTo(WAITING);
        assertThat(turnstile.isStuck()).isFalse();
    }

    @Test
    void whoIsInOthersWayIsSentAwayAfterASecond() throws Exception {
        pass(Duration.ofMillis(999));
        turnstile.sweep(true);
        assertThat(turnstile.waiting()).isEqualTo(WAITING);
        pass(Duration.ofMillis(1));
        var late = join();

        turnstile.sweep(true);

        for (var waiter : line.subList(0, WAITING)) {
            assertThat(cameIn(waiter)).isFalse();
        }
        assertThat(late.isDone()).isFalse();
    }

    @Test
    void whereItIsStuckNoMoreThanAFewWait() throws Exception {
        pass(Duration.ofSeconds(1));
        turnstile.sweep(true);
        for (int i = 0; i < 16; i++) {
            var _ = join();
        }

        assertThat(turnstile.enter(A_MINUTE)).isFalse();
    }

    @Test
    void whereManyComeInItIsNotStuck() throws Exception {
        for (int i = 0; i < WAITING / 4; i++) {
            turnstile.release();
            assertThat(cameIn(line.get(i))).isTrue();
        }
        pass(Duration.ofSeconds(9));

        turnstile.sweep(true);

        assertThat(turnstile.waiting()).isEqualTo(WAITING - WAITING / 4);
    }

    @Test
    void itIsStuckUntilSomebodyComesInWhoDidNotWaitForLong() throws Exception {
        pass(Duration.ofSeconds(1));
        turnstile.sweep(true);
        var next = join();
        turnstile.sweep(false);
        assertThat(turnstile.isStuck()).isTrue();

        turnstile.release();

        assertThat(cameIn(next)).isTrue();
        assertThat(turnstile.isStuck()).isFalse();
    }
}
