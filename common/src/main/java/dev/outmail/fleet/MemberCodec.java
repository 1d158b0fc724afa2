package dev.outmail.fleet;

import dev.outmail.wire.Json;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Members as records of the workers' topic: the key is the id, the value JSON. Read leniently: the
/// versions of a fleet may differ while it is renewed.
public final class MemberCodec {
    private static final int MAX_BYTES = 512 * 1024;
    private static final JsonMapper JSON = Json.mapper(MAX_BYTES);

    private MemberCodec() {}

    static byte[] key(String id) {
        return id.getBytes(StandardCharsets.UTF_8);
    }

    static byte[] encode(Member member) {
        return JSON.writeValueAsBytes(json(member));
    }

    /// One line of JSON with `id` and `heard` beside what the topic has.
    public static String toJson(Sighting sighting) {
        var json = JSON.createObjectNode();
        json.put("id", sighting.member().id());
        json.put("heard", sighting.at().toString());
        json.setAll(json(sighting.member()));
        return json.toString();
    }

    private static ObjectNode json(Member member) {
        var json = JSON.createObjectNode();
        json.put("kind", member.kind().name().toLowerCase(Locale.ROOT));
        json.put("version", member.version());
        json.put("host", member.host());
        json.put("since", member.since().toString());
        json.put("silence", member.silence().toString());
        var partitions = json.putArray("partitions");
        member.partitions().forEach(partitions::add);
        json.put("inFlight", member.inFlight());
        var applied = json.putObject("applied");
        new TreeMap<>(member.applied()).forEach(applied::put);
        var refused = json.putArray("refused");
        member.refused().forEach(refused::add);
        var locks = json.putObject("locks");
        new TreeMap<>(member.locks()).forEach(locks::put);
        var troubled = json.putObject("troubled");
        new TreeMap<>(member.troubled()).forEach(troubled::put);
        return json;
    }

    /// Empty for what describes nobody.
    static Optional<Member> decode(byte[] key, byte[] value) {
        if (value.length > MAX_BYTES) {
            return Optional.empty();
        }
        try {
            return Optional.of(member(new String(key, StandardCharsets.UTF_8), value));
        } catch (JacksonException | DateTimeException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Member member(String id, byte[] value) {
        var json = JSON.readTree(value);
        return new Member(
                id,
                Member.Kind.valueOf(json.path("kind").asString("").toUpperCase(Locale.ROOT)),
                json.path("version").asString(""),
                json.path("host").asString(""),
                Instant.parse(json.path("since").asString("")),
                Duration.parse(json.path("silence").asString("")),
                numbers(json.path("partitions")),
                json.path("inFlight").asInt(0),
                revisions(json.path("applied")),
                texts(json.path("refused")),
                named(json.path("locks")),
                named(json.path("troubled")));
    }

    private static List<Integer> numbers(JsonNode array) {
        var numbers = new ArrayList<Integer>();
        for (var one : array) {
            numbers.add(one.asInt(-1));
        }
        return numbers;
    }

    private static List<String> texts(JsonNode array) {
        var texts = new ArrayList<String>();
        for (var one : array) {
            texts.add(one.asString(""));
        }
        return texts;
    }

    private static Map<String, Long> revisions(JsonNode object) {
        var revisions = new HashMap<String, Long>();
        object.properties().forEach(one -> revisions.put(one.getKey(), one.getValue().asLong(0)));
        return revisions;
    }

    private static Map<String, String> named(JsonNode object) {
        var named = new HashMap<String, String>();
        object.properties().forEach(one -> named.put(one.getKey(), one.getValue().asString("")));
        return named;
    }
}
