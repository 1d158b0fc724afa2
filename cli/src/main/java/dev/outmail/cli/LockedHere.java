package dev.outmail.cli;

import dev.outmail.settings.Locks;
import dev.outmail.settings.ProfileSettings;
import dev.outmail.settings.Settings;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/// What the deployment of this command locks of the settings. Workers with other files may lock
/// other fields.
///
/// @param environment the locks that are in environment variables
/// @param file where the others are; empty where there is no file
record LockedHere(Locks locks, Locks environment, String file) {

    /// Says which fields of a profile are locked, to what, and by whom.
    void print(PrintWriter out, ProfileSettings settings) {
        var bySource = new TreeMap<String, Map<String, String>>();
        locks.fields(settings.profile())
                .forEach((field, value) ->
                        bySource.computeIfAbsent(
                                        source(settings.profile(), field), _ -> new TreeMap<>())
                                .put(field, value));
        bySource.forEach((source, fields) -> {
            out.println("Locked here by " + source + ":");
            fields.forEach((field, value) ->
                    out.println("  " + field + ": " + (value.isEmpty() ? "(none)" : value)));
        });
        if (locks.locked(settings) instanceof Locks.Locked.Unusable unusable) {
            out.println("With that these settings can't be used here: " + unusable);
        }
        out.flush();
    }

    private String source(String profile, String field) {
        return environment.fields(profile).containsKey(field)
                ? "the environment (OUTMAIL_LOCK_…)"
                : file;
    }

    /// The change, refused where it would have no effect here: who says `saved` and goes on as
    /// before is not believed again.
    UnaryOperator<Settings> heededBy(UnaryOperator<Settings> change, String profile) {
        return before -> {
            var after = change.apply(before);
            var idle = idle(profile, before, after);
            if (!idle.isEmpty()) {
                throw new Failure(
                        idle.stream()
                                        .map(field -> told(profile, field))
                                        .collect(Collectors.joining("; "))
                                + ". Nothing is saved: change the lock, or leave the field alone");
            }
            return after;
        };
    }

    private String told(String profile, String field) {
        return field
                + " is locked here by "
                + source(profile, field)
                + " and stays "
                + locks.fields(profile).get(field);
    }

    private List<String> idle(String profile, Settings before, Settings after) {
        try {
            return locks.undone(profile, before, after);
        } catch (IllegalArgumentException e) {
            throw new Failure(String.valueOf(e.getMessage()));
        }
    }
}
