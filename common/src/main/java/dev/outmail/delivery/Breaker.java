package dev.outmail.delivery;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Keeps messages away from a server that can't work: they wait unharmed, and one probe at a time
/// finds out whether it can again. It says how long to wait and never waits. All state is guarded
/// by its monitor.
final class Breaker {
    private static final int TROUBLES_TO_OPEN = 3;
    private static final Duration WHILE_PROBING = Duration.ofMillis(500);

    private final RetryPolicy policy;
    private final LongSupplier nanoTime;
    private State state = new State.Closed(0);

    Breaker(RetryPolicy policy, LongSupplier nanoTime) {
        this.policy = policy;
        this.nanoTime = nanoTime;
    }

    private sealed interface State {
        /// @param troubles in a row so far
        record Closed(int troubles) implements State {}

        record Open(TransportResult.Trouble trouble, int times, long untilNanos) implements State {}

        record Probing(TransportResult.Trouble trouble, int times) implements State {}
    }

    /// Whether an attempt may begin.
    sealed interface Answer {
        /// It may; the permit must be ended.
        record Go(Permit permit) implements Answer {}

        /// Not before this time has passed, because of this trouble.
        record Wait(Duration time, TransportResult.Trouble trouble) implements Answer {}
    }

    synchronized Answer ask() {
        return switch (state) {
            case State.Closed closed -> new Answer.Go(new Permit(false));
            case State.Probing probing -> new Answer.Wait(WHILE_PROBING, probing.trouble());
            case State.Open open -> {
                long left = open.untilNanos() - nanoTime.getAsLong();
                if (left > 0) {
                    yield new Answer.Wait(Duration.ofNanos(left), open.trouble());
                }
                state = new State.Probing(open.trouble(), open.times());
                yield new Answer.Go(new Permit(true));
            }
        };
    }

    /// Forgets trouble with credentials, since the settings changed. A probe under way may still
    /// have begun by the old ones: should it fail, the waits begin anew.
    synchronized void settingsChanged() {
        switch (state) {
            case State.Open open when isOfCredentials(open.trouble()) ->
                    state = new State.Open(open.trouble(), 0, nanoTime.getAsLong());
            case State.Probing probing when isOfCredentials(probing.trouble()) ->
                    state = new State.Probing(probing.trouble(), 0);
            case State.Open open -> {}
            case State.Probing probing -> {}
            case State.Closed closed -> {}
        }
    }

    private static boolean isOfCredentials(TransportResult.Trouble trouble) {
        return trouble.kind() == TransportResult.Kind.CREDENTIALS;
    }

    /// An answer on a connection that logged in before says nothing of a login that is refused now.
    private synchronized void answered(boolean probe) {
        boolean late =
                !probe
                        && state instanceof State.Open open
                        && open.trouble().reason() == Reason.LOGIN_FAILED;
        if (!late) {
            state = new State.Closed(0);
        }
    }

    private synchronized void troubled(TransportResult.Trouble trouble) {
        int times =
                switch (state) {
                    case State.Closed closed -> closed.troubles() + 1;
                    case State.Probing probing -> probing.times() + 1;
                    // an attempt that began before it opened says nothing new
                    case State.Open open -> -1;
                };
        if (times < 0) {
            return;
        }
        boolean open =
                !(state instanceof State.Closed)
                        || times >= TROUBLES_TO_OPEN
                        || isOfCredentials(trouble);
        state =
                open
                        ? open(trouble, state instanceof State.Closed ? 1 : times)
                        : new State.Closed(times);
    }

    private State open(TransportResult.Trouble trouble, int times) {
        var wait =
                policy.waitAfter(trouble.kind(), times, ThreadLocalRandom.current().nextDouble());
        return new State.Open(trouble, times, nanoTime.getAsLong() + wait.toNanos());
    }

    private synchronized void abandoned() {
        if (state instanceof State.Probing probing) {
            state = new State.Open(probing.trouble(), probing.times(), nanoTime.getAsLong());
        }
    }

    /// A server that takes a message's recipients and then never answers is in trouble too, though
    /// each message must be judged on its own: it may be what the server stumbles over.
    private static TransportResult.@Nullable Trouble lostAnswer(TransportResult.Judged judged) {
        for (var verdict : judged.verdicts()) {
            switch (verdict.reason()) {
                case CONNECTION_LOST, DEADLINE_EXCEEDED, ANSWER_LOST -> {}
                default -> {
                    return null;
                }
            }
        }
        var first = judged.verdicts().getFirst();
        return new TransportResult.Trouble(
                judged.server(), TransportResult.Kind.SERVER, first.reason(), first.detail());
    }

    /// The right to one attempt. It ends in one of three ways; ending it twice does nothing.
    final class Permit implements AutoCloseable {
        private final boolean probe;
        private boolean ended;

        private Permit(boolean probe) {
            this.probe = probe;
        }

        void end(TransportResult result) {
            switch (result) {
                case TransportResult.Trouble trouble -> troubled(trouble);
                case TransportResult.Judged judged -> {
                    var lost = lostAnswer(judged);
                    if (lost == null) {
                        answered(probe);
                    } else {
                        troubled(lost);
                    }
                }
                case TransportResult.Busy busy -> {
                    return; // nobody was asked
                }
                case TransportResult.Withheld withheld -> {
                    return; // the server was asked for nothing that it could refuse
                }
            }
            ended = true;
        }

        /// Without a result: the attempt was abandoned, and another may probe.
        @Override
        public void close() {
            if (!ended && probe) {
                abandoned();
            }
        }
    }
}
