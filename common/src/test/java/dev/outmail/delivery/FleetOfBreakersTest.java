package dev.outmail.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.testkit.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Workers whose breakers agree over one ordered log, which each of them reads with delays of its
/// own, simulated by seeds: a server that goes away and comes back, workers that die and start.
class FleetOfBreakersTest {
    private static final String SERVER = "smtp.example.com:25/none/-";
    private static final Duration STEP = Duration.ofMillis(10);
    private static final Duration USUAL_DELAY = Duration.ofMillis(200);

    /// Past the time after which a worker counts what it said itself.
    private static final Duration SLOW = Duration.ofSeconds(6);

    private static final Duration DOWN = Duration.ofMinutes(2);
    private static final Duration LONGEST_PROBE_WAIT = Duration.ofSeconds(72);

    private final ManualTime time = new ManualTime();
    private final List<Said> log = new ArrayList<>();
    private final List<Worker> workers = new ArrayList<>();
    private Duration longestDelay = USUAL_DELAY;
    private boolean serverIsUp = true;
    private TransportResult.Kind trouble = TransportResult.Kind.SERVER;
    private int connections;

    private record Said(BreakerSignal signal, Instant at) {}

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void aServerThatIsAwayForTwoMinutesIsTriedByTheWholeFleetADozenTimes(long seed) {
        var random = new Random(seed);
        start(random, 3);
        run(Duration.ofSeconds(2));
        assertThat(workers).as("seed %d", seed).allMatch(worker -> worker.sent > 0);

        serverIsUp = false;
        letAttemptsEnd();
        connections = 0;
        run(DOWN);

        assertThat(connections).as("connections, seed %d", seed).isBetween(3, 12);
        serverIsUp = true;
        int sentBefore = sent();
        run(LONGEST_PROBE_WAIT);
        assertThat(sent()).as("sent again, seed %d", seed).isGreaterThan(sentBefore + 10);
        assertThat(workers).as("woken, seed %d", seed).allMatch(worker -> worker.woken > 0);
        assertThat(workers)
                .as("agree, seed %d", seed)
                .allMatch(worker -> worker.breaker().reasonToWait() == null);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void aLoginThatNobodyProvedIsTriedThreeTimesInTenMinutes(long seed) {
        var random = new Random(seed);
        serverIsUp = false;
        trouble = TransportResult.Kind.CREDENTIALS;
        start(random, 3);

        run(Duration.ofMinutes(10));

        assertThat(connections).as("logins, seed %d", seed).isBetween(2, 3);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void aLoginIsTriedNoMoreOftenWhereWorkersHearOfEachOtherLate(long seed) {
        var random = new Random(seed);
        longestDelay = SLOW;
        serverIsUp = false;
        trouble = TransportResult.Kind.CREDENTIALS;
        start(random, 3);

        run(Duration.ofSeconds(30));
        longestDelay = USUAL_DELAY;
        run(Duration.ofMinutes(10));

        assertThat(connections).as("logins, seed %d", seed).isBetween(2, 3);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void whoCouldNotTellOthersAgreesWithThemAsSoonAsItCan(long seed) {
        var random = new Random(seed);
        serverIsUp = false;
        trouble = TransportResult.Kind.CREDENTIALS;
        start(random, 3);
        workers.getFirst().mute = true;

        run(Duration.ofSeconds(30));
        workers.getFirst().mute = false;
        run(Duration.ofMinutes(10));

        assertThat(connections).as("logins, seed %d", seed).isBetween(2, 4);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void otherSettingsAreTriedByOneAtOnceAndThenByAll(long seed) {
        var random = new Random(seed);
        serverIsUp = false;
        trouble = TransportResult.Kind.CREDENTIALS;
        start(random, 3);
        run(Duration.ofSeconds(30));
        assertThat(connections).as("seed %d", seed).isEqualTo(1);

        workers.forEach(worker -> worker.breaker().settingsAre("still wrong"));
        run(Duration.ofSeconds(30));
        assertThat(connections).as("one more for the whole fleet, seed %d", seed).isEqualTo(2);
        serverIsUp = true;
        workers.forEach(worker -> worker.breaker().settingsAre("right"));
        run(Duration.ofSeconds(5));

        assertThat(workers).as("seed %d", seed).allMatch(worker -> worker.sent > 0);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void aProberThatDiesIsReplaced(long seed) {
        var random = new Random(seed);
        start(random, 3);
        run(Duration.ofSeconds(1));
        serverIsUp = false;
        while (workers.stream().noneMatch(Worker::isProbing)) {
            step();
        }

        workers.removeIf(Worker::isProbing);
        serverIsUp = true;
        int sentBefore = sent();
        run(BreakerState.PROBE_LEASE.minusSeconds(5));
        assertThat(sent()).as("nobody knows that it died, seed %d", seed).isEqualTo(sentBefore);
        workers.add(new Worker(random, "another"));
        run(Duration.ofSeconds(10));

        assertThat(workers).as("seed %d", seed).hasSize(3).allMatch(worker -> worker.sent > 0);
    }

    private void start(Random random, int count) {
        for (int i = 0; i < count; i++) {
            workers.add(new Worker(random, "worker-" + i));
        }
    }

    private int sent() {
        return workers.stream().mapToInt(worker -> worker.sent).sum();
    }

    private void letAttemptsEnd() {
        workers.forEach(worker -> worker.attempts.clear());
    }

    private void run(Duration duration) {
        for (long i = duration.dividedBy(STEP); i > 0; i--) {
            step();
        }
    }

    private void step() {
        time.advance(STEP);
        workers.forEach(Worker::step);
        assertThat(workers.stream().filter(Worker::isProbing).count())
                .as("probes at a time")
                .isLessThanOrEqualTo(workers.stream().anyMatch(worker -> worker.mute) ? 2 : 1);
    }

    /// A worker that always has messages: up to four at a time.
    private final class Worker implements BreakerChannel {
        private final Random random;
        private final Breakers breakers;
        private final List<Attempt> attempts = new ArrayList<>();
        private @Nullable Listener listener;
        private Breaker.@Nullable Claim claim;
        private Instant readsAgain;
        private @Nullable Instant opening;
        private boolean mute;
        private int read;
        private int sent;
        private int woken;

        Worker(Random random, String name) {
            this.random = random;
            this.readsAgain = time.instant();
            this.breakers = new Breakers(name, RetryPolicy.DEFAULT, this, time.ticker());
            breakers.onChange(() -> woken++);
        }

        private record Attempt(Permit permit, Instant endsAt) {}

        private Breaker breaker() {
            return breakers.of(SERVER);
        }

        private boolean isProbing() {
            return attempts.stream().anyMatch(attempt -> attempt.permit().isProbe());
        }

        private void step() {
            if (!readsAgain.isAfter(time.instant())) {
                readsAgain = time.instant().plusMillis(random.nextLong(longestDelay.toMillis()));
                while (read < log.size()) {
                    var said = log.get(read++);
                    Objects.requireNonNull(listener).heard(SERVER, said.signal(), said.at());
                }
            }
            endAttempts();
            if (claim != null) {
                if (claim.isAnswered()) {
                    answered(awaited(claim));
                }
            } else if (attempts.size() < 4) {
                answered(breaker().ask());
            }
        }

        private Breaker.Answer awaited(Breaker.Claim answeredClaim) {
            claim = null;
            try (answeredClaim) {
                return answeredClaim.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        private void answered(Breaker.Answer answer) {
            switch (answer) {
                case Breaker.Answer.Go go -> {
                    attempts.add(
                            new Attempt(
                                    go.permit(),
                                    time.instant().plusMillis(10 + random.nextLong(300))));
                }
                case Breaker.Answer.Asked asked -> claim = asked.claim();
                case Breaker.Answer.Wait wait -> {}
            }
        }

        private void endAttempts() {
            if (serverIsUp) {
                opening = null;
                var ended =
                        attempts.stream()
                                .filter(attempt -> !attempt.endsAt().isAfter(time.instant()))
                                .toList();
                attempts.removeAll(ended);
                ended.forEach(attempt -> attempt.permit().end(accepted()));
                sent += ended.size();
            } else if (opening == null && !attempts.isEmpty()) {
                connections++;
                opening = time.instant().plusMillis(random.nextLong(300));
            } else if (opening != null && !opening.isAfter(time.instant())) {
                failWithTheOpening();
            }
        }

        /// One connection is opened at a time, as the pool does it; all who wait for it fail with
        /// it.
        private void failWithTheOpening() {
            opening = null;
            var failed = List.copyOf(attempts);
            attempts.clear();
            boolean echo = false;
            for (var attempt : failed) {
                attempt.permit().end(failed(echo));
                echo = true;
            }
        }

        @Override
        public void tell(String server, BreakerSignal signal) {
            if (mute) {
                Objects.requireNonNull(listener).lost(SERVER, signal);
            } else {
                log.add(new Said(signal, time.instant()));
            }
        }

        @Override
        public Instant now() {
            return time.instant();
        }

        @Override
        public boolean isShared() {
            return true;
        }

        @Override
        public void listen(Listener newListener) {
            listener = newListener;
        }
    }

    private static TransportResult accepted() {
        return new TransportResult.Judged(
                FakeTransport.NAME,
                List.of(FakeTransport.verdict(TestEvents.ADA, RecipientVerdict.Verdict.ACCEPTED)),
                "");
    }

    private TransportResult failed(boolean echo) {
        var one = FakeTransport.trouble(trouble);
        return new TransportResult.Trouble(
                one.server(), one.kind(), one.reason(), one.detail(), echo);
    }
}
