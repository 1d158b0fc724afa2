package dev.outmail.worker;

import dev.outmail.delivery.Outcome;
import dev.outmail.delivery.Reason;
import dev.outmail.delivery.RetryPolicy;
import dev.outmail.delivery.Undelivered;
import dev.outmail.kafka.Headers;
import dev.outmail.wire.RetryState;
import dev.outmail.worker.OutcomeWriter.Ended;
import dev.outmail.worker.delay.Delays;
import dev.outmail.worker.ledger.LedgerWrite;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Decides whether an event waits in a delay topic or here, and puts it there. A retry always waits
/// there, so that it takes up no room. What waits for a server or for settings stays here, where it
/// goes on at once, until so much does that mail for others would not get through, or until it has
/// held its partition's offset for too long.
final class PuttingOff {
    private static final Logger log = LoggerFactory.getLogger(PuttingOff.class);
    private static final Duration BETWEEN_TRIES = Duration.ofSeconds(1);

    /// In search of others no more go round than this, however long a backlog of what can't be sent
    /// is. Where others are known to be there all do: they would fill the worker again.
    private static final Duration BETWEEN_TWO_IN_SEARCH = Duration.ofMillis(10);

    private static final Duration WHERE_OTHERS_ARE = Duration.ofMinutes(1);
    private static final Duration WHERE_OTHERS_MAY_BE = Duration.ofSeconds(10);

    private static final Duration BEFORE_LOOKING_FOR_OTHERS = Duration.ofMinutes(1);

    private final RetryPolicy policy;
    private final OutcomeWriter outcomes;
    private final Delays delays;
    private final WaitingRoom waitingRoom;
    private final OffsetHold offsetHold;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final RecentProfiles profiles;
    private final RecentProfiles domains;
    private final AtomicLong nextInSearchNanos;

    PuttingOff(
            RetryPolicy policy,
            OutcomeWriter outcomes,
            Delays delays,
            WaitingRoom waitingRoom,
            OffsetHold offsetHold,
            InstantSource clock,
            LongSupplier nanoTime) {
        this.policy = policy;
        this.outcomes = outcomes;
        this.delays = delays;
        this.waitingRoom = waitingRoom;
        this.offsetHold = offsetHold;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.profiles = new RecentProfiles(nanoTime);
        this.domains = new RecentProfiles(nanoTime);
        this.nextInSearchNanos = new AtomicLong(nanoTime.getAsLong());
    }

    /// Takes note of what mail there is.
    void saw(Undelivered mail) {
        profiles.saw(mail.event().profile());
        domains.saw(domain(mail));
    }

    private static String domain(Undelivered mail) {
        return mail.open().isEmpty() ? "" : mail.open().getFirst().domain();
    }

    /// Whether what waits for a server keeps mail of others from getting through.
    boolean othersWait() {
        return !waitingRoom.crowdedFor().isZero() && profiles.hasSeveral();
    }

    /// Puts the event off, if that is how it is to wait.
    ///
    /// @param times how many open outcomes came in a row here
    /// @param doubtSince when the attempt that may be in doubt was begun; long ago, if just now
    /// @return whether it was: then nothing is left to do for its record
    boolean putOff(
            Attempts.Task task,
            Ended ended,
            Outcome.Open open,
            int times,
            Instant doubtSince,
            boolean news)
            throws LeaseEnded, InterruptedException {
        switch (open) {
            case Outcome.Deferred deferred -> {
                var after = deferred.attempt().after();
                again(task, ended, after, wait(open, after.attempts()));
            }
            case Outcome.InDoubt doubt ->
                    again(task, ended, doubt.attempt().after(), doubtLeft(open, doubtSince));
            case Outcome.NotYet notYet -> {
                var wait = Duration.between(clock.instant(), notYet.until());
                if (wait.compareTo(Attempts.SHORT) <= 0) {
                    return false;
                }
                same(task, ended, wait, news);
            }
            case Outcome.Troubled _, Outcome.Paused _, Outcome.Held _ -> {
                var wait = wayOut(task, open.reason());
                if (wait.isZero()) {
                    return false;
                }
                same(task, ended, wait, news);
            }
        }
        return true;
    }

    private Duration wait(Outcome.Open open, int times) {
        return policy.waitAfter(open, times, ThreadLocalRandom.current().nextDouble());
    }

    /// Not before the server's own time-out for the attempt in doubt.
    private Duration doubtLeft(Outcome.Open open, Instant doubtSince) {
        var wait = wait(open, 1);
        if (doubtSince.equals(Instant.MIN)) {
            return wait;
        }
        var left = wait.minus(Duration.between(doubtSince, clock.instant()));
        if (left.isNegative()) {
            return Duration.ZERO;
        }
        return left.compareTo(wait) > 0 ? wait : left;
    }

    /// For how long it is to go out of the way; zero to stay.
    private Duration wayOut(Attempts.Task task, Reason reason) {
        return offsetHold.isOver(task.hold()) ? policy.aside() : forOthers(task.mail(), reason);
    }

    /// For how long it is to go out of the way of others: not at all while there is room; for long
    /// where there is mail of other profiles. Where there may be some behind a backlog that can't
    /// be sent, it goes for a moment. What is above a slow domain's share always goes where there
    /// is mail for other domains.
    private Duration forOthers(Undelivered mail, Reason reason) {
        if (reason == Reason.SLOW_DOMAIN && domains.hasOthersThan(domain(mail))) {
            return policy.aside();
        }
        var crowded = waitingRoom.crowdedFor();
        if (crowded.isZero()) {
            return Duration.ZERO;
        }
        if (profiles.hasOthersThan(mail.event().profile())) {
            return isForRoom(reason) ? policy.aside() : WHERE_OTHERS_ARE;
        }
        return crowded.compareTo(BEFORE_LOOKING_FOR_OTHERS) < 0 || !mayGoInSearch()
                ? Duration.ZERO
                : WHERE_OTHERS_MAY_BE;
    }

    /// Who waits for room has a server that works, or that nobody knows not to.
    private static boolean isForRoom(Reason reason) {
        return reason == Reason.BUSY || reason == Reason.SLOW_DOMAIN;
    }

    private boolean mayGoInSearch() {
        long now = nanoTime.getAsLong();
        long next = nextInSearchNanos.get();
        return now - next >= 0
                && nextInSearchNanos.compareAndSet(next, now + BETWEEN_TWO_IN_SEARCH.toNanos());
    }

    /// The next attempt waits.
    private void again(Attempts.Task task, Ended ended, Undelivered after, Duration wait)
            throws LeaseEnded, InterruptedException {
        int attempt = task.attempt();
        putOff(task, ended, after, wait, true, () -> task.permit().waiting(attempt));
    }

    /// The same attempt waits; the ledger knows nothing of it. Nobody is at it from here on: the
    /// record by which it comes back must not meet this one and be taken for a second.
    private void same(Attempts.Task task, Ended ended, Duration wait, boolean news)
            throws LeaseEnded, InterruptedException {
        task.permit().close();
        putOff(task, ended, task.mail(), wait, news, null);
    }

    private void putOff(
            Attempts.Task task,
            Ended ended,
            Undelivered left,
            Duration wait,
            boolean news,
            @Nullable Supplier<LedgerWrite> ledger)
            throws LeaseEnded, InterruptedException {
        var until = untilExpiry(left, clock.instant().plus(wait));
        var state = left.retryState(until, task.record().partition());
        var delayed = delayed(task, state, wait);
        delayed.headers()
                .remove(Headers.WAITS_FOR)
                .add(
                        Headers.WAITS_FOR,
                        ended.outcome().reason().wireName().getBytes(StandardCharsets.UTF_8));
        outcomes.putOff(ended, delayed, news, ledger);
    }

    /// Kafka may have to say first what partitions there are.
    private ProducerRecord<byte[], byte[]> delayed(
            Attempts.Task task, RetryState state, Duration wait)
            throws LeaseEnded, InterruptedException {
        while (true) {
            try {
                return delays.record(task.record(), state, wait);
            } catch (KafkaException e) {
                log.atWarn()
                        .addKeyValue("cause", e.toString())
                        .log("A mail can't be put off now; it stays unfinished until it can");
            }
            waitingRoom.await(task.lease(), BETWEEN_TRIES);
        }
    }

    /// What expires while it waits is to be told when it does.
    private static Instant untilExpiry(Undelivered mail, Instant due) {
        var expiresAt = mail.event().terms().expiresAt();
        return expiresAt != null && expiresAt.isBefore(due) ? expiresAt : due;
    }
}
