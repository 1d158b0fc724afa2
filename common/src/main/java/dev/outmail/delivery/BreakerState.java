package dev.outmail.delivery;

import java.time.Duration;
import java.time.Instant;

/// What is known of a server, as all who hear the same signals in the same order know it: each
/// state says which one follows upon a signal. Pure.
sealed interface BreakerState {
    int TROUBLES_TO_OPEN = 3;

    /// A prober that says nothing for so long is taken for dead.
    Duration PROBE_LEASE = Duration.ofSeconds(90);

    /// The state after a signal.
    ///
    /// @param at when the signal was said
    BreakerState after(BreakerSignal signal, Instant at, Waits waits);

    /// How long it stays open.
    interface Waits {
        /// The time that it stays open.
        ///
        /// @param times in a row
        /// @param signal that opened it: waits are spread by it, the same for all who hear it
        Duration after(TransportResult.Kind kind, int times, BreakerSignal signal);
    }

    /// What a probe may begin from.
    sealed interface Resting extends BreakerState {}

    /// Nobody said anything of the server yet.
    record Unknown() implements Resting {
        @Override
        public BreakerState after(BreakerSignal signal, Instant at, Waits waits) {
            return switch (signal) {
                case BreakerSignal.Trouble trouble -> new Closed(0).after(trouble, at, waits);
                case BreakerSignal.Open open ->
                        new Open(
                                open.cause(),
                                open.times(),
                                open.since().isAfter(at) ? at : open.since(),
                                open.pause(),
                                open.settings());
                case BreakerSignal.Probing probing ->
                        new Probing(this, probing.id(), at, probing.settings());
                case BreakerSignal.Abandoned abandoned -> this;
                case BreakerSignal.Closed closed -> new Closed(0);
            };
        }
    }

    /// The server works.
    ///
    /// @param troubles in a row so far
    record Closed(int troubles) implements Resting {
        @Override
        public BreakerState after(BreakerSignal signal, Instant at, Waits waits) {
            return switch (signal) {
                case BreakerSignal.Trouble trouble ->
                        troubles + 1 >= TROUBLES_TO_OPEN || trouble.cause().isOfCredentials()
                                ? Open.after(trouble, 1, at, waits)
                                : new Closed(troubles + 1);
                case BreakerSignal.Closed closed -> new Closed(0);
                // said late, by who had not heard that it closed
                case BreakerSignal.Open open -> this;
                case BreakerSignal.Probing probing -> this;
                case BreakerSignal.Abandoned abandoned -> this;
            };
        }
    }

    /// The server does not work, and nobody may try before the wait is over.
    ///
    /// @param times in a row
    record Open(
            BreakerSignal.Cause cause, int times, Instant since, Duration pause, String settings)
            implements Resting {
        private static Open after(
                BreakerSignal.Trouble trouble, int times, Instant at, Waits waits) {
            var pause = waits.after(trouble.cause().kind(), times, trouble);
            return new Open(trouble.cause(), times, at, pause, trouble.settings());
        }

        Instant until() {
            return since.plus(pause);
        }

        /// Whether a probe may begin. Settings that changed give credentials another chance at
        /// once.
        boolean isDue(Instant now, String settingsNow) {
            return !now.isBefore(until())
                    || (cause.isOfCredentials() && !settings.equals(settingsNow));
        }

        @Override
        public BreakerState after(BreakerSignal signal, Instant at, Waits waits) {
            return switch (signal) {
                case BreakerSignal.Probing probing ->
                        isDue(at, probing.settings())
                                ? new Probing(this, probing.id(), at, probing.settings())
                                : this;
                case BreakerSignal.Closed closed -> closedBy(closed) ? new Closed(0) : this;
                // an attempt that began before it opened says nothing new
                case BreakerSignal.Trouble trouble -> this;
                case BreakerSignal.Open open -> this;
                case BreakerSignal.Abandoned abandoned -> this;
            };
        }

        /// Only a probe, where it is us whom the server refuses: an answer on a connection that
        /// logged in before, or one refusal more, says nothing else.
        private boolean closedBy(BreakerSignal.Closed closed) {
            return closed.probe() != null || !cause.isOfCredentials();
        }

        /// Whether the server refuses all that we send.
        boolean isRefusalOfAll() {
            return cause.reason() == Reason.ALL_REFUSED;
        }

        private Open dueFrom(Instant now) {
            return new Open(cause, times, now, Duration.ZERO, settings);
        }
    }

    /// One message is on its way to find out.
    ///
    /// @param before what it was until then
    /// @param id of the probe
    record Probing(Resting before, String id, Instant since, String settings)
            implements BreakerState {
        Instant until() {
            return since.plus(PROBE_LEASE);
        }

        @Override
        public BreakerState after(BreakerSignal signal, Instant at, Waits waits) {
            return switch (signal) {
                case BreakerSignal.Trouble trouble ->
                        id.equals(trouble.probe())
                                ? Open.after(trouble, timesWith(trouble), at, waits)
                                : this;
                case BreakerSignal.Probing another ->
                        at.isBefore(until())
                                ? this
                                : new Probing(before, another.id(), at, another.settings());
                case BreakerSignal.Abandoned abandoned ->
                        id.equals(abandoned.probe()) ? abandonedAt(at) : this;
                case BreakerSignal.Closed closed ->
                        before instanceof Open open && !open.closedBy(closed)
                                ? this
                                : new Closed(0);
                case BreakerSignal.Open open -> this;
            };
        }

        /// Waits begin anew when other settings were tried.
        private int timesWith(BreakerSignal.Trouble trouble) {
            return before instanceof Open open
                            && !(trouble.cause().isOfCredentials()
                                    && !open.settings().equals(settings))
                    ? open.times() + 1
                    : 1;
        }

        private Resting abandonedAt(Instant at) {
            return before instanceof Open open ? open.dueFrom(at) : before;
        }
    }
}
