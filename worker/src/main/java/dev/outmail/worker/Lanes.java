package dev.outmail.worker;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/// What waits in the partitions that are held, and since when. Counted by the intake's thread, safe
/// for all.
final class Lanes {
    private final InstantSource clock;
    private volatile List<Counted> lanes = List.of();

    /// @param sinceMillis when the oldest event was appended that is not finished, or was seen to
    ///   be there where it could not be read yet
    private record Counted(Intake.Lane lane, long sinceMillis) {
        private boolean isUnread() {
            return lane.events() > 0 && lane.oldestMillis().isEmpty();
        }
    }

    /// @param events that are not finished
    /// @param age of the oldest of them; of one that could not be read yet, as long as it is known
    ///   to be there
    record Lane(int partition, long events, Duration age) {}

    /// @param clock the brokers'
    Lanes(InstantSource clock) {
        this.clock = clock;
    }

    void counted(List<Intake.Lane> now) {
        lanes = now.stream().map(this::counted).toList();
    }

    private Counted counted(Intake.Lane lane) {
        long unreadSince =
                lanes.stream()
                        .filter(before ->
                                before.isUnread() && before.lane().partition() == lane.partition())
                        .mapToLong(Counted::sinceMillis)
                        .findFirst()
                        .orElseGet(clock::millis);
        return new Counted(lane, lane.oldestMillis().orElse(unreadSince));
    }

    /// As of about a second ago.
    List<Lane> all() {
        return lanes.stream().map(this::lane).toList();
    }

    private Lane lane(Counted counted) {
        long age = counted.lane().events() == 0 ? 0 : clock.millis() - counted.sinceMillis();
        return new Lane(
                counted.lane().partition(),
                counted.lane().events(),
                Duration.ofMillis(Math.max(0, age)));
    }

    /// How long the oldest event of all has waited.
    Duration oldestAge() {
        return all().stream().map(Lane::age).max(Duration::compareTo).orElse(Duration.ZERO);
    }
}
