package dev.outmail.settings;

import org.jspecify.annotations.Nullable;

/// One field that differs between two revisions of a profile's settings.
///
/// @param field its name, with that of the object that it is in before it: `connection.mode`
/// @param before what it was; null where it was not there
/// @param after what it is; null where it is not there
public record FieldChange(String field, @Nullable String before, @Nullable String after) {
    /// What takes the place of a secret, and of a reference to one.
    static final String SECRET = "changed";

    @Override
    public String toString() {
        return field + ": " + orNothing(before) + " -> " + orNothing(after);
    }

    private static String orNothing(@Nullable String value) {
        return value == null ? "(none)" : value;
    }
}
