package dev.outmail.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.testkit.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Waiting for real, for moments.
class GateTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Duration A_MOMENT = Duration.ofMillis(50);

    private final Gate gate = new Gate(System::nanoTime);
    private final ScheduledExecutorService sweeping = Executors.newSingleThreadScheduledExecutor();

    @BeforeEach
    void sweep() {
        var _ =
                sweeping.scheduleWithFixedDelay(
                        () -> gate.sweep(false), 1, 1, TimeUnit.MILLISECONDS);
    }

    @AfterEach
    void stop() {
        sweeping.shutdownNow();
    }

    @Test
    void eightMessagesForEachConnectionAreLetIn() throws InterruptedException {
        gate.set(2, null);

        for (int i = 0; i < 16; i++) {
            assertThat(gate.enter(A_MOMENT)).isEqualTo(new Gate.Pass(gate, false));
        }

        assertThat(gate.enter(A_MOMENT))
                .isEqualTo(new Gate.Full("no room within PT0.05S: 16/0/0 (total/free/waiting)"));
    }

    @Test
    void noServersMessagesTakeMoreThanHalfOfThePlaces() throws InterruptedException {
        var narrow = new Gate(System::nanoTime, 20);
        narrow.set(2, null);
        for (int i = 0; i < 10; i++) {
            assertThat(narrow.enter(A_MOMENT)).isInstanceOf(Gate.Pass.class);
        }

        try (var sweeper = Executors.newSingleThreadScheduledExecutor()) {
            var sweeps =
                    sweeper.scheduleWithFixedDelay(
                            () -> narrow.sweep(false), 1, 1, TimeUnit.MILLISECONDS);
            assertThat(narrow.enter(A_MOMENT)).isInstanceOf(Gate.Full.class);
            assertThat(sweeps.cancel(false)).isTrue();
        }
    }

    @Test
    void aSlowDomainLeavesHalfOfTheRoomToOthers() throws InterruptedException {
        var nanos = new AtomicLong();
        var shared = new Gate(nanos::get, 20);
        shared.set(20, null);
        var others = Set.of("example.org");
        var tarpit = Set.of("tarpit.example");
        ((Gate.Pass) shared.enter(others, A_MOMENT)).close();
        var held = new ArrayList<Gate.Pass>();
        for (int i = 0; i < 10; i++) {
            held.add((Gate.Pass) shared.enter(tarpit, A_MOMENT));
        }
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());

        assertThat(shared.enter(tarpit, A_MOMENT)).isInstanceOf(Gate.SlowDomain.class);
        assertThat(shared.enter(others, A_MOMENT)).isInstanceOf(Gate.Pass.class);
        held.getFirst().close();
        assertThat(shared.enter(tarpit, A_MOMENT)).isInstanceOf(Gate.Pass.class);
    }

    @Test
    void whereThereIsARateFewWaitForAConnection() throws InterruptedException {
        gate.set(2, 100.0);
        for (int i = 0; i < 7; i++) {
            assertThat(gate.enter(SOON)).isEqualTo(new Gate.Pass(gate, true));
        }

        assertThat(gate.enter(A_MOMENT)).isInstanceOf(Gate.Full.class);
    }

    @Test
    void whoWaitsIsLetInWhenAnotherLeavesInTheirOrder() throws Exception {
        gate.set(1, null);
        var inside = fill(8);
        var entered = new CopyOnWriteArrayList<Integer>();
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < 3; i++) {
            int number = i;
            var thread = Thread.ofVirtual().unstarted(() -> enter(entered, number));
            threads.add(thread);
            thread.start();
            Await.until(SOON, () -> isWaiting(thread), "it waits");
        }

        for (int i = 0; i < 3; i++) {
            inside.get(i).close();
            int sofar = i + 1;
            Await.until(SOON, () -> entered.size() == sofar, "one more is let in");
        }

        assertThat(entered).containsExactly(0, 1, 2);
        for (var thread : threads) {
            assertThat(thread.join(SOON)).isTrue();
        }
    }

    private void enter(List<Integer> entered, int number) {
        try {
            if (gate.enter(SOON) instanceof Gate.Pass pass && pass.waited()) {
                entered.add(number);
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aWiderGateLetsInWhoWaitsAndANarrowerOneWaitsForWhoLeaves() throws Exception {
        gate.set(2, null);
        var inside = fill(16);

        gate.set(1, null);
        inside.subList(0, 8).forEach(Gate.Pass::close);
        assertThat(gate.enter(A_MOMENT)).isInstanceOf(Gate.Full.class);
        gate.set(2, null);

        assertThat(gate.enter(A_MOMENT)).isInstanceOf(Gate.Pass.class);
    }

    @Test
    void anInterruptionEndsTheWaitForRoomAndForTheRate() throws Exception {
        for (var rate : new Double[] {null, 0.001}) {
            gate.set(1, rate);
            var inside = rate == null ? fill(8) : List.<Gate.Pass>of();
            var interrupted = new AtomicInteger();
            var thread =
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    gate.enter(SOON);
                                } catch (InterruptedException e) {
                                    interrupted.incrementAndGet();
                                }
                            });
            Await.until(SOON, () -> isWaiting(thread), "it waits");

            thread.interrupt();

            assertThat(thread.join(SOON)).isTrue();
            assertThat(interrupted).hasValue(1);
            inside.forEach(Gate.Pass::close);
        }
        gate.set(1, null);
        fill(8);
    }

    @Test
    void whoWaitsTooLongForTheRateIsToldSo() throws InterruptedException {
        gate.set(1, 0.001);

        assertThat(gate.enter(A_MOMENT))
                .isEqualTo(new Gate.Full("not its turn within PT0.05S, as messagesPerSecond says"));
    }

    @Test
    void aRateThatIsRaisedCountsForWhoWaitsAlready() throws Exception {
        gate.set(1, 0.001);
        var entered = new CopyOnWriteArrayList<Integer>();
        var thread = Thread.ofVirtual().start(() -> enter(entered, 1));
        Await.until(SOON, () -> isWaiting(thread), "it waits");

        gate.set(1, 1_000.0);

        assertThat(thread.join(SOON)).isTrue();
        assertThat(entered).containsExactly(1);
    }

    @Test
    void whoWaitsAtAGateThatIsGivenUpGoesThrough() throws Exception {
        gate.set(1, 0.001);
        var threads = new ArrayList<Thread>();
        var entered = new CopyOnWriteArrayList<Integer>();
        for (int i = 0; i < 3; i++) {
            var thread = Thread.ofVirtual().start(() -> enter(entered, 1));
            threads.add(thread);
            Await.until(SOON, () -> isWaiting(thread), "it waits");
        }

        gate.letAllThrough();

        for (var thread : threads) {
            assertThat(thread.join(SOON)).isTrue();
        }
        assertThat(entered).hasSize(3);
    }

    private static boolean isWaiting(Thread thread) {
        return thread.getState() == Thread.State.WAITING
                || thread.getState() == Thread.State.TIMED_WAITING;
    }

    private List<Gate.Pass> fill(int count) throws InterruptedException {
        var inside = new ArrayList<Gate.Pass>();
        for (int i = 0; i < count; i++) {
            inside.add((Gate.Pass) gate.enter(A_MOMENT));
        }
        return inside;
    }
}
