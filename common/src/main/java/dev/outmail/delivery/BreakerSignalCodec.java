package dev.outmail.delivery;

import dev.outmail.wire.Json;
import java.io.ByteArrayOutputStream;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What breakers tell each other as the value of a record, in JSON.
public final class BreakerSignalCodec {
    private static final JsonMapper JSON = Json.mapper(1 << 16);
    private static final Duration LONGEST_PAUSE = Duration.ofHours(2);

    private BreakerSignalCodec() {}

    public static byte[] encode(BreakerSignal signal) {
        var bytes = new ByteArrayOutputStream(256);
        try (var out = JSON.createGenerator(bytes)) {
            out.writeStartObject();
            write(out, signal);
            out.writeStringProperty("from", signal.from());
            out.writeStringProperty("id", signal.id());
            out.writeEndObject();
        }
        return bytes.toByteArray();
    }

    private static void write(JsonGenerator out, BreakerSignal signal) {
        switch (signal) {
            case BreakerSignal.Trouble trouble -> {
                out.writeStringProperty("signal", "trouble");
                probe(out, trouble.probe());
                cause(out, trouble.cause());
                out.writeStringProperty("settings", trouble.settings());
            }
            case BreakerSignal.Open open -> {
                out.writeStringProperty("signal", "open");
                cause(out, open.cause());
                out.writeNumberProperty("times", open.times());
                out.writeStringProperty("since", open.since().toString());
                out.writeStringProperty("wait", open.pause().toString());
                out.writeStringProperty("settings", open.settings());
            }
            case BreakerSignal.Probing probing -> {
                out.writeStringProperty("signal", "probing");
                out.writeStringProperty("settings", probing.settings());
            }
            case BreakerSignal.Abandoned abandoned -> {
                out.writeStringProperty("signal", "abandoned");
                probe(out, abandoned.probe());
            }
            case BreakerSignal.Closed closed -> {
                out.writeStringProperty("signal", "closed");
                probe(out, closed.probe());
            }
        }
    }

    private static void probe(JsonGenerator out, @Nullable String probe) {
        if (probe != null) {
            out.writeStringProperty("probe", probe);
        }
    }

    private static void cause(JsonGenerator out, BreakerSignal.Cause cause) {
        out.writeStringProperty("kind", cause.kind().name());
        out.writeStringProperty("reason", cause.reason().name());
        out.writeStringProperty("detail", cause.detail());
    }

    /// Empty where it is none, or one of a later version.
    public static Optional<BreakerSignal> decode(byte[] value) {
        try {
            var node = JSON.readTree(value);
            return Optional.ofNullable(read(node, text(node, "from"), text(node, "id")));
        } catch (JacksonException
                | NoSuchElementException
                | IllegalArgumentException
                | DateTimeException e) {
            return Optional.empty();
        }
    }

    private static @Nullable BreakerSignal read(JsonNode node, String from, String id) {
        return switch (text(node, "signal")) {
            case "trouble" ->
                    new BreakerSignal.Trouble(
                            from, id, probe(node), cause(node), text(node, "settings"));
            case "open" ->
                    new BreakerSignal.Open(
                            from,
                            id,
                            cause(node),
                            times(node),
                            Instant.parse(text(node, "since")),
                            pause(node),
                            text(node, "settings"));
            case "probing" -> new BreakerSignal.Probing(from, id, text(node, "settings"));
            case "abandoned" -> new BreakerSignal.Abandoned(from, id, text(node, "probe"));
            case "closed" -> new BreakerSignal.Closed(from, id, probe(node));
            default -> null;
        };
    }

    private static int times(JsonNode node) {
        int times = Integer.parseInt(node.path("times").asString(""));
        if (times < 1) {
            throw new IllegalArgumentException(times + " times");
        }
        return times;
    }

    /// Whoever writes there by mistake must not shut a server for good.
    private static Duration pause(JsonNode node) {
        var pause = Duration.parse(text(node, "wait"));
        if (pause.isNegative() || pause.compareTo(LONGEST_PAUSE) > 0) {
            throw new IllegalArgumentException("a wait of " + pause);
        }
        return pause;
    }

    private static @Nullable String probe(JsonNode node) {
        return node.has("probe") ? text(node, "probe") : null;
    }

    private static BreakerSignal.Cause cause(JsonNode node) {
        return new BreakerSignal.Cause(
                TransportResult.Kind.valueOf(text(node, "kind")),
                Reason.valueOf(text(node, "reason")),
                Printable.of(text(node, "detail")));
    }

    private static String text(JsonNode node, String field) {
        return node.path(field).stringValueOpt().orElseThrow();
    }
}
