package dev.outmail.delivery.smtp;

import dev.outmail.delivery.smtp.SlowDomains.Hold;
import dev.outmail.delivery.smtp.SlowDomains.Share;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The turns under way, and what follows from them for the next ones. Guarded by the pool's
/// monitor.
final class Turns {
    private final Duration time;
    private final Set<Attempt> attempts = new HashSet<>();
    private final SlowDomains domains = new SlowDomains();

    /// @param time that each attempt has
    Turns(Duration time) {
        this.time = time;
    }

    /// @param connection null where one is to be opened
    Turn begin(Claim claim, @Nullable Pooled connection, long nowNanos) {
        Attempt attempt =
                new Attempt(nowNanos + time.toNanos(), "the attempt took more than " + time);
        attempts.add(attempt);
        claim.begin(attempt);
        Hold hold = domains.begin(claim.domains());
        if (connection != null) {
            domains.opened(hold, nowNanos);
        }
        return new Turn(claim, attempt, hold, connection);
    }

    void opened(Turn turn, long nowNanos) {
        domains.opened(turn.hold(), nowNanos);
    }

    /// Its connection broke, another one is opened.
    void opening(Turn turn) {
        domains.opening(turn.hold());
    }

    /// @param carried whether the message was carried to its end
    void end(Turn turn, boolean carried, long nowNanos) {
        attempts.remove(turn.attempt());
        domains.end(turn.hold(), carried, nowNanos);
    }

    List<Attempt> attempts() {
        return List.copyOf(attempts);
    }

    /// Whether a message may have a turn now.
    ///
    /// @param connections how many there may be
    /// @param before the turn that ends with it, or null
    Share share(Claim claim, int connections, @Nullable Turn before, long nowNanos) {
        return domains.share(
                claim.domains(), connections, before == null ? null : before.hold(), nowNanos);
    }
}
