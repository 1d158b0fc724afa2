package dev.outmail.fleet;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// A worker, or an application that is connected, as it describes itself.
///
/// @param id the name that the log shows, too
/// @param version of Outmail
/// @param since when it started, by its own clock
/// @param silence a member that was not heard for longer is gone
/// @param partitions of the events, that a worker holds
/// @param inFlight events in delivery
/// @param applied for each profile the revision that no attempt under way is older than
/// @param refused profiles whose last record is no settings, so that the last known ones count
/// @param locks fields of settings that its deployment pins, by profile (or `*`) and field, such as
///   `default/connection.mode`
/// @param troubled servers that are left alone now, and why
public record Member(
        String id,
        Kind kind,
        String version,
        String host,
        Instant since,
        Duration silence,
        List<Integer> partitions,
        int inFlight,
        Map<String, Long> applied,
        List<String> refused,
        Map<String, String> locks,
        Map<String, String> troubled) {

    public enum Kind {
        WORKER,
        APPLICATION
    }

    public Member {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(kind, "kind");
        partitions = List.copyOf(partitions);
        applied = Map.copyOf(applied);
        refused = List.copyOf(refused);
        locks = Map.copyOf(locks);
        troubled = Map.copyOf(troubled);
    }

    /// Whether it goes by this revision of a profile's settings, or a later one, and nothing that
    /// it does is older.
    public boolean hasApplied(String profile, long revision) {
        return applied.getOrDefault(profile, 0L) >= revision;
    }

    /// The version of Outmail that runs here.
    public static String ownVersion() {
        return Objects.requireNonNullElse(
                Member.class.getPackage().getImplementationVersion(), "unknown");
    }
}
