package dev.outmail.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.outmail.delivery.Outcome;
import dev.outmail.delivery.Reason;
import dev.outmail.delivery.RetryPolicy;
import dev.outmail.delivery.TransportResult;
import dev.outmail.delivery.Undelivered;
import dev.outmail.mail.MailEvent;
import dev.outmail.settings.ProfileSettings;
import dev.outmail.settings.Settings;
import dev.outmail.testkit.Await;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(20)
class WaitingRoomTest {
    private static final Duration HOURS = Duration.ofHours(9);
    private static final ProfileSettings SETTINGS =
            new ProfileSettings("default", 1, Settings.INITIAL);

    private final WaitingRoom room =
            new WaitingRoom(everyWaitIs(HOURS), 100, () -> 0, System::nanoTime);
    private final Lease lease = lease(0);

    static List<Outcome.Open> outcomesThatOtherSettingsMayHelp() {
        var trouble =
                new TransportResult.Trouble(
                        "smtp", TransportResult.Kind.SERVER, Reason.UNREACHABLE, "refused");
        return List.of(
                new Outcome.Troubled(SETTINGS, trouble, Reason.UNREACHABLE, "refused"),
                new Outcome.Paused(HOURS, Reason.UNREACHABLE, "refused"),
                new Outcome.Held(Reason.NO_SETTINGS, "none"));
    }

    static List<Outcome.Open> outcomesThatKeepTheirTime() {
        var event = MailEvent.builder().id("1").to("ada@example.org").subject("").text("").build();
        var after = Undelivered.fresh(event, Instant.EPOCH);
        var attempt = new Outcome.Attempt(SETTINGS, "smtp", List.of(), after);
        return List.of(
                new Outcome.Deferred(attempt, Reason.GREYLISTED, "451"),
                new Outcome.InDoubt(attempt, Reason.ANSWER_LOST, "lost"),
                new Outcome.NotYet(Instant.MAX, Reason.NOT_BEFORE, "later"));
    }

    @ParameterizedTest
    @MethodSource("outcomesThatOtherSettingsMayHelp")
    void aChangeOfSettingsEndsTheWait(Outcome.Open outcome) throws Exception {
        var waiting = waitAfter(outcome, room.changes());

        room.changed();

        waiting.get();
    }

    @ParameterizedTest
    @MethodSource("outcomesThatOtherSettingsMayHelp")
    void aChangeDuringTheAttemptIsNotMissed(Outcome.Open outcome) throws Exception {
        long seen = room.changes();
        room.changed();

        room.awaitNextAttempt(lease, outcome, 1, seen);
    }

    @ParameterizedTest
    @MethodSource("outcomesThatKeepTheirTime")
    void aServersVerdictAndTheEventsOwnTimeOutlastAChangeOfSettings(Outcome.Open outcome) {
        long seen = room.changes();
        room.changed();

        var waiting = waitAfter(outcome, seen);

        lease.end();
        room.leasesEnded();
        assertAbandoned(waiting);
    }

    @ParameterizedTest
    @MethodSource({"outcomesThatOtherSettingsMayHelp", "outcomesThatKeepTheirTime"})
    void theLeasesEndEndsEveryWait(Outcome.Open outcome) {
        var waiting = waitAfter(outcome, room.changes());

        lease.end();
        room.leasesEnded();

        assertAbandoned(waiting);
    }

    @Test
    void theEndOfAnotherLeaseDoesNot() throws Exception {
        var other = lease(1);
        var waiting = waitAfter(new Outcome.Held(Reason.NO_SETTINGS, "none"), room.changes());

        other.end();
        room.leasesEnded();
        room.changed();

        waiting.get();
    }

    @Test
    void underALeaseThatEndedNobodyWaits() {
        lease.end();

        assertThatExceptionOfType(LeaseEnded.class).isThrownBy(() -> room.await(lease, HOURS));
    }

    @Test
    void theWaitEndsWhenItsTimeIsUp() throws Exception {
        var quick =
                new WaitingRoom(everyWaitIs(Duration.ofMillis(30)), 100, () -> 0, System::nanoTime);
        var started = System.nanoTime();

        quick.awaitNextAttempt(lease, outcomesThatKeepTheirTime().getFirst(), 1, 0);

        assertThat(Duration.ofNanos(System.nanoTime() - started))
                .isGreaterThanOrEqualTo(Duration.ofMillis(24));
    }

    @Test
    void whoWaitsAtServersCountsToo() {
        var atServers = new AtomicInteger();
        var nanos = new AtomicLong();
        var narrow = new WaitingRoom(everyWaitIs(HOURS), 2, atServers::get, nanos::get);
        var here =
                new FutureTask<Void>(() -> {
                    narrow.await(lease, HOURS);
                    return null;
                });
        awaitWaiting(Thread.ofVirtual().start(here));
        assertThat(narrow.crowdedFor()).isZero();

        atServers.set(1);

        assertThat(narrow.crowdedFor()).isPositive();
        nanos.addAndGet(HOURS.toNanos());
        assertThat(narrow.crowdedFor()).isEqualTo(HOURS);
        atServers.set(0);
        assertThat(narrow.crowdedFor()).isZero();
        lease.end();
        narrow.leasesEnded();
        assertAbandoned(here);
    }

    @Test
    void anInterruptionEndsTheWait() {
        var interrupted = new CompletableFuture<Boolean>();
        var thread =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                room.await(lease, HOURS);
                            } catch (InterruptedException e) {
                                interrupted.complete(true);
                            } catch (LeaseEnded e) {
                                interrupted.complete(false);
                            }
                        });
        awaitWaiting(thread);

        thread.interrupt();

        assertThat(interrupted.join()).isTrue();
    }

    private FutureTask<Void> waitAfter(Outcome.Open outcome, long changesSeen) {
        var task =
                new FutureTask<Void>(() -> {
                    room.awaitNextAttempt(lease, outcome, 1, changesSeen);
                    return null;
                });
        awaitWaiting(Thread.ofVirtual().start(task));
        return task;
    }

    private static void awaitWaiting(Thread thread) {
        Await.until(
                Duration.ofSeconds(10),
                () -> thread.getState() == Thread.State.TIMED_WAITING,
                "the delivery waits");
    }

    private static void assertAbandoned(FutureTask<Void> waiting) {
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> waiting.get(10, TimeUnit.SECONDS))
                .satisfies(e ->
                        assertThat(Objects.requireNonNull(e.getCause()))
                                .isInstanceOf(LeaseEnded.class));
    }

    private static RetryPolicy everyWaitIs(Duration wait) {
        return new RetryPolicy(List.of(wait), List.of(wait), List.of(wait), wait, wait);
    }

    private static Lease lease(int partition) {
        return new Lease(
                new TopicPartition("events", partition),
                new java.util.concurrent.CompletableFuture<>());
    }
}
