package dev.outmail.console.settings;

import dev.outmail.settings.FieldChange;
import dev.outmail.settings.Settings;
import dev.outmail.settings.SettingsDiff;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One field that differs, in words for people.
record Change(String label, String before, String after) {
    static List<Change> between(Settings before, Settings after) {
        return SettingsDiff.between(before, after).stream().map(Change::of).toList();
    }

    static Change of(FieldChange change) {
        return new Change(
                FieldLabel.of(change.field()), shown(change.before()), shown(change.after()));
    }

    private static String shown(@Nullable String value) {
        return value == null || value.isEmpty() ? "(none)" : value;
    }
}
