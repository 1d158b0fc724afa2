package dev.outmail.console.settings;

import dev.outmail.fleet.Sighting;
import dev.outmail.settings.Locks;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Which fields of a profile's settings are locked, and by whom.
///
/// @param here values of fields that this console's deployment locks
/// @param elsewhere what members of the fleet lock by theirs, in words, by field
record LockNotes(Map<String, String> here, Map<String, String> elsewhere) {
    static LockNotes of(String profile, Locks locks, List<Sighting> fleet) {
        var elsewhere = new TreeMap<String, String>();
        for (var sighting : fleet) {
            var member = sighting.member();
            new TreeMap<>(member.locks())
                    .forEach((lock, value) -> {
                        int slash = lock.indexOf('/');
                        var of = lock.substring(0, Math.max(0, slash));
                        if (of.equals("*") || of.equals(profile)) {
                            elsewhere.merge(
                                    lock.substring(slash + 1),
                                    "Locked at " + member.id() + ": " + shown(value),
                                    (one, other) -> one + "; " + other);
                        }
                    });
        }
        return new LockNotes(new HashMap<>(locks.fields(profile)), elsewhere);
    }

    private static String shown(String value) {
        return value.isEmpty() ? "(none)" : value;
    }

    boolean isLocked(String field) {
        return here.containsKey(field);
    }

    /// Empty where nobody locks it.
    String note(String field) {
        var value = here.get(field);
        return value == null
                ? elsewhere.getOrDefault(field, "")
                : "Locked by this console's deployment: " + shown(value);
    }
}
