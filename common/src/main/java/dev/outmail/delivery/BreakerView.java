package dev.outmail.delivery;

import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What one breaker goes by: what all agree on, which follows from what was heard alone; or, while
/// something that it said itself is not heard back, what it makes of that. That is for the
/// meantime: a breaker that went on by a time of its own would find a probe due when the others
/// don't, and they its, so that from then on each of them probes for itself. Guarded by the
/// breaker's monitor.
final class BreakerView {
    private final BreakerState.Waits waits;

    /// Signals of ours that `own` has and `agreed` has not.
    private final Set<String> countedAlone = new HashSet<>();

    private BreakerState agreed = new BreakerState.Unknown();
    private @Nullable BreakerState own;

    BreakerView(BreakerState.Waits waits) {
        this.waits = waits;
    }

    BreakerState state() {
        return own == null ? agreed : own;
    }

    /// Counts a signal of ours that is not heard, and maybe never will be.
    void countAlone(BreakerSignal signal, Instant now) {
        own = state().after(signal, now, waits);
        countedAlone.add(signal.id());
    }

    /// @param ours whether we said it
    void heard(BreakerSignal signal, boolean ours, Instant at) {
        var before = agreed;
        agreed = before.after(signal, at, waits);
        if (own == null) {
            return;
        }
        boolean counted = ours && countedAlone.remove(signal.id());
        if (!counted) {
            own = own.after(signal, at, waits);
        }
        if (countedAlone.isEmpty()
                || agreed.equals(own)
                || isFoundOut(signal, before)
                || (ours && keepsAway())) {
            own = null;
            countedAlone.clear();
        }
    }

    /// Whether the others know more now than what we counted alone.
    private boolean isFoundOut(BreakerSignal signal, BreakerState before) {
        return switch (signal) {
            case BreakerSignal.Trouble trouble ->
                    agreed instanceof BreakerState.Open && !agreed.equals(before);
            case BreakerSignal.Closed closed -> !agreed.equals(before);
            case BreakerSignal.Open open -> false;
            case BreakerSignal.Probing probing -> false;
            case BreakerSignal.Abandoned abandoned -> false;
        };
    }

    /// Whether what all agree on is no less careful. What we say is heard again by then.
    private boolean keepsAway() {
        return agreed instanceof BreakerState.Open || agreed instanceof BreakerState.Probing;
    }
}
