package dev.outmail.settings;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// A profile's settings as a person writes them in a form: a text for each field, by the field's
/// name on the topic.
public final class SettingsDraft {
    private static final String MODE = "connection.mode";
    private static final String CONNECTION = "connection.";
    private static final String SENDER = "sender.";

    private SettingsDraft() {}

    /// The names of all fields that settings can have.
    public static List<String> names() {
        return LockableField.names();
    }

    /// The fields that these settings have; a list's entries are parted by commas.
    public static Map<String, String> fields(Settings settings) {
        var fields = new TreeMap<String, String>();
        put(fields, "", SettingsCodec.toJson(settings));
        return fields;
    }

    private static void put(Map<String, String> fields, String name, JsonNode value) {
        if (value.isObject()) {
            var before = name.isEmpty() ? "" : name + ".";
            value.properties().forEach(one -> put(fields, before + one.getKey(), one.getValue()));
        } else if (value.isArray()) {
            fields.put(
                    name, String.join(", ", value.valueStream().map(JsonNode::asString).toList()));
        } else if (!value.isNull()) {
            fields.put(name, value.asString());
        }
    }

    /// What the fields make together, or what is wrong with them, by field. Empty ones are not
    /// there; those of a server count only where there is one, and those of a sender only where
    /// something is written of him.
    public static SettingsCodec.Decoded read(
            String profile, long revision, Map<String, String> fields) {
        var json = JsonNodeFactory.instance.objectNode();
        json.put("revision", revision);
        var smtp = fields.getOrDefault(MODE, "").equals("smtp");
        var sender = hasSender(fields);
        for (var field : LockableField.values()) {
            var name = field.written();
            var value = fields.getOrDefault(name, "").strip();
            var counts =
                    !value.isEmpty()
                            && (smtp || name.equals(MODE) || !name.startsWith(CONNECTION))
                            && (sender || !name.startsWith(SENDER));
            if (counts) {
                field.put(json, value);
            }
        }
        return SettingsCodec.decode(profile, json.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static boolean hasSender(Map<String, String> fields) {
        return fields.entrySet().stream()
                .anyMatch(field ->
                        field.getKey().startsWith(SENDER)
                                && !field.getKey().equals("sender.force")
                                && !field.getValue().isBlank());
    }
}
