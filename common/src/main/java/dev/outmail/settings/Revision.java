package dev.outmail.settings;

import java.time.Instant;
import java.util.List;

/// A revision of a profile's settings, as history has it.
///
/// @param at when it was saved, by the brokers' clock
/// @param changes from the revision before it
public record Revision(
        ProfileSettings settings, Authorship author, Instant at, List<FieldChange> changes) {
    public Revision {
        changes = List.copyOf(changes);
    }

    public long number() {
        return settings.revision();
    }
}
