package dev.outmail.settings;

import dev.outmail.wire.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Revisions as values of records on the history's topic: `by`, `why`, `changes` (`field`,
/// `before`, `after`) and `settings` as they are on the settings topic.
public final class RevisionCodec {
    private static final int MAX_BYTES = 256 * 1024;
    private static final JsonMapper JSON = Json.mapper(MAX_BYTES);

    private RevisionCodec() {}

    static byte[] encode(ProfileSettings settings, Authorship author, List<FieldChange> changes) {
        return JSON.writeValueAsBytes(json(settings, author, changes));
    }

    /// One line of JSON with `profile` and `at` beside what the topic has.
    public static String toJson(Revision revision) {
        var json = JSON.createObjectNode();
        json.put("profile", revision.settings().profile());
        json.put("at", revision.at().toString());
        json.setAll(json(revision.settings(), revision.author(), revision.changes()));
        return json.toString();
    }

    private static ObjectNode json(
            ProfileSettings settings, Authorship author, List<FieldChange> changes) {
        var json = JSON.createObjectNode();
        json.put("by", author.by());
        json.put("why", author.why());
        var list = json.putArray("changes");
        for (var change : changes) {
            var one = list.addObject();
            one.put("field", change.field());
            one.put("before", change.before());
            one.put("after", change.after());
        }
        json.set("settings", SettingsCodec.toJson(settings));
        return json;
    }

    /// Empty for what is no revision.
    static Optional<Revision> decode(String profile, byte[] value, Instant at) {
        if (value.length > MAX_BYTES) {
            return Optional.empty();
        }
        try {
            var json = JSON.readTree(value);
            var author =
                    new Authorship(json.path("by").asString(""), json.path("why").asString(""));
            var settings = JSON.writeValueAsBytes(json.path("settings"));
            return SettingsCodec.decode(profile, settings) instanceof SettingsCodec.Decoded.Ok ok
                    ? Optional.of(new Revision(ok.settings(), author, at, changes(json)))
                    : Optional.empty();
        } catch (JacksonException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static List<FieldChange> changes(JsonNode json) {
        var changes = new ArrayList<FieldChange>();
        for (var one : json.path("changes")) {
            changes.add(
                    new FieldChange(
                            one.path("field").asString(""),
                            text(one.path("before")),
                            text(one.path("after"))));
        }
        return changes;
    }

    private static @Nullable String text(JsonNode node) {
        return node.isString() ? node.stringValue() : null;
    }
}
