package dev.outmail.fleet;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.LongSupplier;

/// Who goes by a revision of a profile's settings.
///
/// @param by those who do
/// @param laggards those who don't, or still finish a message by an earlier one
/// @param took from the save until the last of them said so
public record Applied(List<Sighting> by, List<Sighting> laggards, Duration took) {
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(20);

    public Applied {
        by = List.copyOf(by);
        laggards = List.copyOf(laggards);
    }

    /// Waits until all who are alive go by it.
    ///
    /// @param savedAt when it was saved and could be read, by the brokers' clock
    /// @param nanoTime a monotonic clock, for the timeout
    public static Applied await(
            FleetView fleet,
            String profile,
            long revision,
            Instant savedAt,
            Duration timeout,
            LongSupplier nanoTime) {
        long deadline = nanoTime.getAsLong() + timeout.toNanos();
        fleet.isLaterThan(savedAt);
        fleet.read(READ_TIMEOUT);
        var applied = of(fleet.alive(), profile, revision, savedAt);
        while (!applied.laggards().isEmpty() && deadline - nanoTime.getAsLong() > 0) {
            fleet.poll(POLL);
            applied = of(fleet.alive(), profile, revision, savedAt);
        }
        return applied;
    }

    /// How it is among those who are alive.
    public static Applied of(List<Sighting> alive, String profile, long revision, Instant savedAt) {
        var by = alive.stream().filter(s -> s.member().hasApplied(profile, revision)).toList();
        var laggards =
                alive.stream().filter(s -> !s.member().hasApplied(profile, revision)).toList();
        var last = by.stream().map(Sighting::at).max(Instant::compareTo).orElse(savedAt);
        var took = Duration.between(savedAt, last);
        return new Applied(by, laggards, took.isNegative() ? Duration.ZERO : took);
    }
}
