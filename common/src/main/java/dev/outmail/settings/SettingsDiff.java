package dev.outmail.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What differs between settings, field by field as they are on the topic.
public final class SettingsDiff {
    private static final String PASSWORD = "connection.password";

    private SettingsDiff() {}

    /// The fields that differ, by their names.
    ///
    /// @param before null where there were none
    public static List<FieldChange> between(@Nullable Settings before, Settings after) {
        var old = before == null ? Map.<String, String>of() : fields(before);
        var now = fields(after);
        var names = new TreeSet<>(old.keySet());
        names.addAll(now.keySet());
        var changes = new ArrayList<FieldChange>();
        for (var name : names) {
            var was = old.get(name);
            var is = now.get(name);
            if (was == null ? is != null : !was.equals(is)) {
                changes.add(
                        name.equals(PASSWORD)
                                ? new FieldChange(name, hidden(was), hidden(is))
                                : new FieldChange(name, was, is));
            }
        }
        return changes;
    }

    private static @Nullable String hidden(@Nullable String secret) {
        return secret == null ? null : FieldChange.SECRET;
    }

    private static Map<String, String> fields(Settings settings) {
        var fields = new TreeMap<String, String>();
        for (var one : SettingsCodec.toJson(settings).properties()) {
            put(fields, one.getKey(), one.getValue());
        }
        return fields;
    }

    private static void put(Map<String, String> fields, String name, JsonNode value) {
        if (value.isObject()) {
            for (var one : value.properties()) {
                put(fields, name + "." + one.getKey(), one.getValue());
            }
        } else if (!value.isNull()) {
            fields.put(name, value.isString() ? value.stringValue() : value.toString());
        }
    }
}
