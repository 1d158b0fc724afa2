package dev.outmail.worker;

import dev.outmail.delivery.DeliveryEngine;
import dev.outmail.delivery.Outcome;
import dev.outmail.delivery.Undelivered;
import dev.outmail.kafka.Headers;
import dev.outmail.settings.SettingsSnapshot;
import dev.outmail.worker.OutcomeWriter.Ended;
import dev.outmail.worker.ledger.LedgerClearance;
import dev.outmail.worker.ledger.LedgerWrite;
import dev.outmail.worker.ledger.Permit;
import dev.outmail.worker.ledger.Settled;
import io.opentelemetry.context.Context;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/// Attempts at an event: made, written down, and followed by what they call for, which is the end,
/// a wait for the next one in a delay topic, or a short one here.
final class Attempts {
    /// Waits up to this long are not worth two records.
    static final Duration SHORT = Duration.ofSeconds(2);

    private static final Duration PROOF = Duration.ofSeconds(10);
    private static final String DOUBT = "noted down by the worker that made the attempt";

    private final DeliveryEngine engine;
    private final Supplier<SettingsSnapshot> settings;
    private final OutcomeWriter outcomes;
    private final PuttingOff puttingOff;
    private final WaitingRoom waitingRoom;
    private final Membership membership;
    private final InstantSource clock;

    Attempts(
            DeliveryEngine engine,
            Supplier<SettingsSnapshot> settings,
            OutcomeWriter outcomes,
            PuttingOff puttingOff,
            WaitingRoom waitingRoom,
            Membership membership,
            InstantSource clock) {
        this.engine = engine;
        this.settings = settings;
        this.outcomes = outcomes;
        this.puttingOff = puttingOff;
        this.waitingRoom = waitingRoom;
        this.membership = membership;
        this.clock = clock;
    }

    /// An event to be attempted.
    ///
    /// @param mail what is left to do for it
    /// @param trace that it belongs to
    /// @param hold that it has on its partition's offset
    record Task(
            Lease lease,
            ConsumerRecord<byte[], byte[]> record,
            Undelivered mail,
            Context trace,
            Permit permit,
            OffsetHold.Hold hold) {
        int attempt() {
            return mail.attempts() + 1;
        }

        private boolean isOwned(Membership membership) {
            return !lease.lost() && membership.isSure();
        }

        /// Why it waits, as far as the log has that.
        private @Nullable String said() {
            var header = Course.header(record, Headers.WAITS_FOR);
            return header == null ? null : new String(header, StandardCharsets.UTF_8);
        }
    }

    private interface Try {
        Outcome make(LedgerClearance clearance) throws InterruptedException;
    }

    void run(Task task) throws LeaseEnded, InterruptedException {
        puttingOff.saw(task.mail());
        run(
                task,
                clearance -> engine.attempt(task.mail(), settings.get(), () -> begun(clearance)),
                Instant.MIN);
    }

    private static LedgerClearance begun(LedgerClearance clearance) {
        clearance.begin(List.of());
        return clearance;
    }

    /// Says what is to be done about an attempt that was begun by a worker that is gone.
    void resolve(Task task, Instant startedAt, Settled settled)
            throws LeaseEnded, InterruptedException {
        var known = settled.among(task.mail().open(), DOUBT);
        run(task, clearance -> engine.interrupted(task.mail(), settings.get(), known), startedAt);
    }

    /// @param doubtSince when the attempt that may be in doubt was begun, if not now
    private void run(Task task, Try attempt, Instant doubtSince)
            throws LeaseEnded, InterruptedException {
        String said = task.said();
        int times = 0;
        while (true) {
            long changesSeen = waitingRoom.changes();
            var ended = make(task, attempt);
            switch (ended.outcome()) {
                case Outcome.Final end -> {
                    outcomes.writeFinal(ended, () -> note(task, end));
                    return;
                }
                case Outcome.Open open -> {
                    times++;
                    boolean news = isNews(open, said);
                    said = open.reason().wireName();
                    if (puttingOff.putOff(task, ended, open, times, doubtSince, news)) {
                        return;
                    }
                    if (news) {
                        outcomes.logged(ended);
                    }
                    waitingRoom.awaitNextAttempt(task.lease(), open, times, changesSeen);
                }
            }
        }
    }

    private Ended make(Task task, Try attempt) throws LeaseEnded, InterruptedException {
        awaitProof(task.lease());
        var clearance =
                new LedgerClearance(task.permit(), task.attempt(), () -> task.isOwned(membership));
        var startedAt = clock.instant();
        boolean counted = true;
        try {
            var outcome = attempt.make(clearance);
            counted = isCounted(outcome);
            var took = Duration.between(startedAt, clock.instant());
            return new Ended(task, outcome, startedAt, took);
        } catch (InterruptedException e) {
            counted = false; // nothing left
            throw e;
        } finally {
            // Whoever has the partition next may have the same attempt under way.
            if (!counted && clearance.hasBegun() && task.isOwned(membership)) {
                var _ = task.permit().waiting(task.mail().attempts());
            }
        }
    }

    /// Nothing is begun that this worker may have lost.
    private void awaitProof(Lease lease) throws LeaseEnded, InterruptedException {
        while (!membership.await(PROOF)) {
            if (lease.ended()) {
                throw new LeaseEnded();
            }
        }
    }

    private static boolean isCounted(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Final _, Outcome.Deferred _, Outcome.InDoubt _ -> true;
            case Outcome.Troubled _, Outcome.Paused _, Outcome.Held _, Outcome.NotYet _ -> false;
        };
    }

    private static LedgerWrite note(Task task, Outcome.Final end) {
        return switch (end) {
            case Outcome.HeldInDoubt _ -> task.permit().held(task.attempt());
            case Outcome.Sent _, Outcome.Silenced _, Outcome.Dropped _ ->
                    task.permit().settled(task.attempt());
            case Outcome.Rejected _, Outcome.Expired _ -> task.permit().settled(task.attempt());
        };
    }

    /// What belongs in the log: each attempt; and, of waiting, that it began.
    private static boolean isNews(Outcome.Open outcome, @Nullable String said) {
        return switch (outcome) {
            case Outcome.Deferred _, Outcome.InDoubt _, Outcome.Troubled _ -> true;
            case Outcome.Held held -> !held.reason().wireName().equals(said);
            case Outcome.Paused _, Outcome.NotYet _ -> false;
        };
    }
}
