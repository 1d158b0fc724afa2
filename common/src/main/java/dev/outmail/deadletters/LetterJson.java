package dev.outmail.deadletters;

import dev.outmail.deadletters.DeadLetterIndex.Entry;
import dev.outmail.wire.Json;
import dev.outmail.wire.LogEntry;
import java.io.StringWriter;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/// Letters, and what came of them, as JSON for programs: one object on one line.
public final class LetterJson {
    private static final JsonMapper JSON = Json.mapper(16 << 20);

    private LetterJson() {}

    /// `letter`, `at`, `outcome`, `reason`, `detail`, `attempts`, `revision`, `acceptedAt`, `event`
    /// (`source`, `id`), `profile`, `bytes`, `undelivered`, `record` (`topic`, `partition`,
    /// `offset`) and `resolutions` (`kind`, `at`, `by`, `why`, `to`).
    public static String of(Entry entry) {
        return object(out -> {
            var letter = entry.letter();
            out.writeStringProperty("letter", letter.position().toString());
            out.writeStringProperty("at", letter.at().toString());
            why(out, letter.why());
            var event = letter.event();
            if (event != null) {
                out.writeObjectPropertyStart("event");
                out.writeStringProperty("source", event.source());
                out.writeStringProperty("id", event.id());
                out.writeEndObject();
            }
            out.writeStringProperty("profile", letter.profile());
            out.writeNumberProperty("bytes", letter.bytes());
            out.writeArrayPropertyStart("resolutions");
            entry.resolutions().forEach(resolution -> resolution(out, resolution));
            out.writeEndArray();
        });
    }

    /// `outcome`, `reason`, `count`, `oldest` and `newest`.
    public static String ofReason(
            String outcome, String reason, int count, Instant oldest, Instant newest) {
        return object(out -> {
            out.writeStringProperty("outcome", outcome);
            out.writeStringProperty("reason", reason);
            out.writeNumberProperty("count", count);
            out.writeStringProperty("oldest", oldest.toString());
            out.writeStringProperty("newest", newest.toString());
        });
    }

    /// `letter`, `result` (`done`, `settled`, `refused`, `failed`), and `kind` or `why`.
    public static String of(LetterPosition letter, Result result) {
        return object(out -> {
            out.writeStringProperty("letter", letter.toString());
            switch (result) {
                case Result.Done done -> result(out, "done", "kind", done.kind().wireName());
                case Result.Settled settled ->
                        result(out, "settled", "kind", settled.before().kind().wireName());
                case Result.Refused refused -> result(out, "refused", "why", refused.why());
                case Result.Failed failed -> result(out, "failed", "why", failed.why());
            }
        });
    }

    private static void result(JsonGenerator out, String result, String name, String value) {
        out.writeStringProperty("result", result);
        out.writeStringProperty(name, value);
    }

    private static void why(JsonGenerator out, Why why) {
        out.writeStringProperty("outcome", why.outcome());
        out.writeStringProperty("reason", why.reason());
        out.writeStringProperty("detail", why.detail());
        out.writeNumberProperty("attempts", why.attempts());
        out.writeNumberProperty("revision", why.revision());
        var acceptedAt = why.acceptedAt();
        if (acceptedAt != null) {
            out.writeStringProperty("acceptedAt", acceptedAt.toString());
        }
        strings(out, "undelivered", why.undelivered());
        position(out, why.origin());
    }

    private static void strings(JsonGenerator out, String name, List<String> strings) {
        out.writeArrayPropertyStart(name);
        strings.forEach(out::writeString);
        out.writeEndArray();
    }

    private static void position(JsonGenerator out, LogEntry.@Nullable Position record) {
        if (record != null) {
            out.writeObjectPropertyStart("record");
            out.writeStringProperty("topic", record.topic());
            out.writeNumberProperty("partition", record.partition());
            out.writeNumberProperty("offset", record.offset());
            out.writeEndObject();
        }
    }

    private static void resolution(JsonGenerator out, Resolution resolution) {
        out.writeStartObject();
        out.writeStringProperty("kind", resolution.kind().wireName());
        out.writeStringProperty("at", resolution.at().toString());
        out.writeStringProperty("by", resolution.by());
        out.writeStringProperty("why", resolution.why());
        var to = resolution.to();
        if (to != null) {
            out.writeStringProperty("to", to);
        }
        out.writeEndObject();
    }

    private static String object(Consumer<JsonGenerator> content) {
        var text = new StringWriter();
        try (var out = JSON.createGenerator(text)) {
            out.writeStartObject();
            content.accept(out);
            out.writeEndObject();
        }
        return text.toString();
    }
}
