package dev.outmail.wire;

import dev.outmail.mail.EmailAddress;
import dev.outmail.mail.InvalidAddress;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What is left to do for an event, as the value of its record's retry header.
public final class RetryStateCodec {
    /// The largest header that is written or read.
    public static final int MAX_BYTES = 1 << 20;

    /// Up to this size the server's words stay in: what a record has room for beside an event of
    /// the largest size.
    static final int MAX_BYTES_WITH_DETAILS = 48 << 10;

    private static final int MAX_DETAIL = 2_048;
    private static final Duration MOST_AGE = Duration.ofDays(30);
    private static final Duration LONGEST_WAIT = Duration.ofDays(400);
    private static final JsonMapper JSON = Json.mapper(MAX_BYTES);

    private RetryStateCodec() {}

    /// The header's value. Where it would be too large, the servers' words are left out first, then
    /// the verdicts, and at last who is open: a second copy is better than none.
    public static byte[] encode(RetryState state) {
        var bytes = written(state, state.open(), state.judged(), true);
        if (bytes.length > MAX_BYTES_WITH_DETAILS) {
            bytes = written(state, state.open(), state.judged(), false);
        }
        if (bytes.length > MAX_BYTES) {
            bytes = written(state, state.open(), List.of(), false);
        }
        if (bytes.length > MAX_BYTES) {
            bytes = written(state, null, List.of(), false);
        }
        return bytes;
    }

    private static byte[] written(
            RetryState state,
            @Nullable List<EmailAddress> open,
            List<RetryState.Judged> judged,
            boolean details) {
        var bytes = new ByteArrayOutputStream();
        try (var out = JSON.createGenerator(bytes)) {
            out.writeStartObject();
            out.writeNumberProperty("attempt", state.attempt());
            out.writeStringProperty("acceptedAt", state.acceptedAt().toString());
            var due = state.due();
            if (due != null) {
                out.writeStringProperty("due", due.toString());
            }
            if (state.partition() != RetryState.ANY_PARTITION) {
                out.writeNumberProperty("partition", state.partition());
            }
            if (open != null) {
                out.writeArrayPropertyStart("open");
                open.forEach(address -> out.writeString(address.toString()));
                out.writeEndArray();
            }
            if (!judged.isEmpty()) {
                judged(out, judged, details);
            }
            out.writeEndObject();
        }
        return bytes.toByteArray();
    }

    /// Recipients of whom the same was said stand together: those of one transaction have the
    /// server's last word in common.
    private static void judged(JsonGenerator out, List<RetryState.Judged> judged, boolean details) {
        out.writeArrayPropertyStart("judged");
        RetryState.Judged before = null;
        for (var one : judged) {
            if (before == null || !saysTheSame(one, before, details)) {
                if (before != null) {
                    endOfVerdict(out);
                }
                startOfVerdict(out, one, details);
            }
            out.writeString(one.recipient().toString());
            before = one;
        }
        endOfVerdict(out);
        out.writeEndArray();
    }

    private static boolean saysTheSame(
            RetryState.Judged one, RetryState.Judged other, boolean details) {
        return one.verdict() == other.verdict()
                && one.reason().equals(other.reason())
                && (!details || one.detail().equals(other.detail()));
    }

    private static void startOfVerdict(
            JsonGenerator out, RetryState.Judged judged, boolean details) {
        out.writeStartObject();
        out.writeStringProperty("verdict", judged.verdict().wireName());
        out.writeStringProperty("reason", shortened(judged.reason()));
        if (details && !judged.detail().isEmpty()) {
            out.writeStringProperty("detail", shortened(judged.detail()));
        }
        out.writeArrayPropertyStart("recipients");
    }

    private static void endOfVerdict(JsonGenerator out) {
        out.writeEndArray();
        out.writeEndObject();
    }

    /// Reads a header; never throws. Numbers and times beyond their limits are taken for the limit,
    /// addresses that are none are passed over, as are fields that a later version added.
    ///
    /// @param header its value, null where there is none
    /// @param appendedAt the record's timestamp, from which the limits of the times are counted
    public static RetryHeader decode(byte @Nullable [] header, Instant appendedAt) {
        if (header == null) {
            return new RetryHeader.None();
        }
        if (header.length > MAX_BYTES) {
            return new RetryHeader.Invalid("it has " + header.length + " bytes");
        }
        if (Utf8.firstFlaw(header) >= 0) {
            return new RetryHeader.Invalid("it is not UTF-8");
        }
        try {
            return new RetryHeader.Present(state(JSON.readTree(header), appendedAt));
        } catch (JacksonException | NumberFormatException e) {
            return new RetryHeader.Invalid("it is not the JSON of a retry");
        } catch (DateTimeException e) {
            return new RetryHeader.Invalid("one of its times is none");
        } catch (Unusable e) {
            return new RetryHeader.Invalid(Objects.requireNonNullElse(e.getMessage(), ""));
        }
    }

    private static final class Unusable extends Exception {
        private static final long serialVersionUID = 1L;

        Unusable(String what) {
            super(what);
        }
    }

    private static RetryState state(JsonNode json, Instant appendedAt) throws Unusable {
        var acceptedAt = time(json, "acceptedAt");
        if (acceptedAt == null) {
            throw new Unusable("acceptedAt is missing");
        }
        var due = time(json, "due");
        var longAgo = appendedAt.minus(MOST_AGE);
        return new RetryState(
                attempt(json.path("attempt")),
                clamped(acceptedAt, longAgo, appendedAt),
                due == null ? null : clamped(due, longAgo, appendedAt.plus(LONGEST_WAIT)),
                partition(json.path("partition")),
                open(json),
                judged(json));
    }

    private static int attempt(JsonNode json) throws Unusable {
        if (!json.isIntegralNumber()) {
            throw new Unusable("attempt is not a whole number");
        }
        long attempt =
                json.canConvertToLong()
                        ? json.longValue()
                        : json.bigIntegerValue().signum() * (long) RetryState.MAX_ATTEMPT;
        return Math.clamp(attempt, 1, RetryState.MAX_ATTEMPT);
    }

    private static int partition(JsonNode json) {
        return json.isIntegralNumber() && json.canConvertToInt() && json.intValue() >= 0
                ? json.intValue()
                : RetryState.ANY_PARTITION;
    }

    private static @Nullable Instant time(JsonNode json, String name) throws Unusable {
        var node = json.path(name);
        if (node.isMissingNode() || node.isNull()) {
            return null;
        }
        if (!node.isString()) {
            throw new Unusable(name + " is not a string");
        }
        return Instant.parse(node.stringValue());
    }

    private static Instant clamped(Instant time, Instant first, Instant last) {
        if (time.isBefore(first)) {
            return first;
        }
        return time.isAfter(last) ? last : time;
    }

    private static @Nullable List<EmailAddress> open(JsonNode json) throws Unusable {
        return array(json, "open") ? addresses(json.path("open")) : null;
    }

    /// Whether there is an array of that name.
    private static boolean array(JsonNode json, String name) throws Unusable {
        var node = json.path(name);
        if (node.isMissingNode() || node.isNull()) {
            return false;
        }
        if (!node.isArray()) {
            throw new Unusable(name + " is not an array");
        }
        return true;
    }

    private static List<EmailAddress> addresses(JsonNode json) {
        var addresses = new LinkedHashSet<EmailAddress>();
        for (var node : json) {
            try {
                addresses.add(EmailAddress.parse(node.asString("")));
            } catch (InvalidAddress e) {
                // nobody's
            }
        }
        return List.copyOf(addresses);
    }

    private static List<RetryState.Judged> judged(JsonNode json) throws Unusable {
        if (!array(json, "judged")) {
            return List.of();
        }
        var judged = new ArrayList<RetryState.Judged>();
        for (var said : json.path("judged")) {
            var reason = shortened(said.path("reason").asString(""));
            var detail = shortened(said.path("detail").asString(""));
            RetryState.Verdict.of(said.path("verdict").asString(""))
                    .ifPresent(verdict -> {
                        for (var recipient : addresses(said.path("recipients"))) {
                            judged.add(new RetryState.Judged(recipient, verdict, reason, detail));
                        }
                    });
        }
        return judged;
    }

    /// No longer than it may be, and nothing in it that is no character, which has no bytes.
    private static String shortened(String text) {
        var cut = text.length() > MAX_DETAIL ? text.substring(0, MAX_DETAIL) : text;
        return new String(cut.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }
}
