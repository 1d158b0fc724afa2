package dev.outmail.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import dev.outmail.mail.EventLimits;
import dev.outmail.mail.MailEvent;
import dev.outmail.mail.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The schema of events says what the code does, but for what no schema can say.
class EventSchemaTest {
    private static final Schema EVENT = Schemas.of(Schemas.EVENT);
    private static final Schema CLOUD_EVENT = Schemas.of(Schemas.EVENT + "#/$defs/cloudEvent");
    private static final List<Header> STRUCTURED =
            List.of(
                    new RecordHeader(
                            "content-type", "application/cloudevents+json".getBytes(UTF_8)));

    private static final Pattern SAYABLE =
            Pattern.compile(
                    "(expected|unknown field|it is missing|there is no recipient|neither text nor"
                            + "|it is given|the CloudEvent has none|it has both|it is no object).*",
                    Pattern.DOTALL);

    /// What a schema can't say, by the problems that the code has with it.
    private enum BeyondSchemas {
        ADDRESS("(from|to|cc|bcc|replyTo)(\\[\\d+])?", ".*"),
        MEDIA_TYPE("attachments\\[\\d+]\\.contentType", ".*"),
        UNIQUE_CONTENT_ID("attachments\\[\\d+]\\.contentId", "another attachment has .*"),
        BASE64(".*(content|messageBase64|data_base64)", "no (string of )?base64"),
        WHAT_BASE64_HOLDS("event", ".*"),
        RESERVED_HEADER("headers\\..*", "(a field of this name|there is a field).*"),
        HEADER_COUNT("headers", "more than .*"),
        TIME("(sendAt|expiresAt|time|expirytime)", ".*(is no|is not after|is out of range).*"),
        NUMBER_OR_DEPTH("metadata.*", ".*"),
        BLANK("(id|source|type|conversation)", "it is empty"),
        CHARACTERS_IN_UTF_16(".*", "it(s value)? has \\d+ characters, more than .*"),
        LONE_SURROGATE(".*", ".*half of a surrogate pair.*"),
        MESSAGE("message", "(it holds a|no header field|it has no header|its header is).*"),
        CONTRADICTION("(id|source|type|expiresAt)", ".*is not what the CloudEvent says.*");

        private final Pattern field;
        private final Pattern what;

        BeyondSchemas(String field, String what) {
            this.field = Pattern.compile(field, Pattern.DOTALL);
            this.what = Pattern.compile(what, Pattern.DOTALL);
        }

        boolean says(Problem problem) {
            return !SAYABLE.matcher(problem.what()).matches()
                    && field.matcher(problem.field()).matches()
                    && what.matcher(problem.what()).matches();
        }
    }

    private static final List<String> ODD_VALUES =
            List.of(
                    "null",
                    "true",
                    "0",
                    "1.5",
                    "1e30",
                    "\"\"",
                    "\" \"",
                    "\"a\"",
                    "\"x.y-z_1\"",
                    "\"a@b\"",
                    "\"Ada <ada@example.org>\"",
                    "\"<script>\"",
                    "\"a\\nb\"",
                    "\"a\\fb\"",
                    "\"a\\u0007b\"",
                    "\"a\\u0085b\"",
                    "\"a\\u202eb\"",
                    "\"a\\u2028b\"",
                    "\"\\ud800\"",
                    '"' + "x".repeat(201) + '"',
                    '"' + "😀".repeat(150) + '"',
                    '"' + "x".repeat(999) + '"',
                    '"' + "x".repeat(4_001) + '"',
                    "\"AAAA\"",
                    "\"AAA\"",
                    "\"/w==\"",
                    "\"====\"",
                    "\"image/png; x=y\"",
                    "\"logo@example.com\"",
                    "\"Subject: s\\n\\nHello\"",
                    "\"Subject: s\\r\\rHello\"",
                    "\"U3ViamVjdDogcwoKSGVsbG8=\"",
                    "\"resend\"",
                    "\"hold\"",
                    "\"HOLD\"",
                    "\"2030-01-01T10:00:00Z\"",
                    "\"2030-01-01t10:00:00.5+01:00\"",
                    "\"2030-01-01T10:00:00+0100\"",
                    "\"2030-01-01T10:00Z\"",
                    "\"2030-13-01T10:00:00Z\"",
                    "\"1969-12-31T23:59:59Z\"",
                    "\"+10000-01-01T00:00:00+18:00\"",
                    "\"2030-01-01\"",
                    "\"1.0\"",
                    "\"0.3\"",
                    "\"application/json; charset=utf-8\"",
                    "\"application/VND.X+JSON\"",
                    "\"text/plain\"",
                    "[]",
                    "[null]",
                    "[\"a@b\"]",
                    "[[\"a@b\"]]",
                    "[{\"content\":\"AAAA\"}]",
                    "[{\"content\":null}]",
                    "{}",
                    "{\"X-A\":\"b\"}",
                    "{\"X-A\":null}",
                    "{\"a b\":null}",
                    "{\"a b\":\"c\"}",
                    "{\"From\":\"a@b\"}",
                    "{\"a\":{\"b\":[1,null,{}]}}");

    private final EventCodec codec = new EventCodec(EventLimits.DEFAULT);

    @Test
    void schemaHasTheFieldsOfTheReader() {
        var document = Schemas.json("event.json").at("/$defs/document/properties");
        var attachment = Schemas.json("event.json").at("/$defs/attachment/properties");

        assertThat(document.propertyNames())
                .containsExactlyInAnyOrderElementsOf(EventReader.FIELDS);
        assertThat(attachment.propertyNames())
                .containsExactlyInAnyOrderElementsOf(EventReader.ATTACHMENT_FIELDS);
    }

    @Test
    void whatIsPublishedIsValid() {
        long seed = new Random().nextLong();
        System.out.println("EventSchemaTest seed " + seed);
        var events = new RandomEvents(new Random(seed));
        for (int i = 0; i < 500; i++) {
            byte[] document = codec.encode(events.next());

            assertThat(Schemas.errors(EVENT, document)).as("seed %d, event %d", seed, i).isEmpty();
        }
        for (var finished : finished()) {
            assertThat(Schemas.errors(EVENT, codec.encode(finished))).isEmpty();
        }
    }

    @Test
    void examplesOfTheDocsAreValid() throws IOException {
        var docs = Files.readString(Path.of("..", "docs", "event-format.md"));
        int valid = 0;
        for (var block :
                Pattern.compile("```json\n(.*?)```", Pattern.DOTALL)
                        .matcher(docs)
                        .results()
                        .toList()) {
            byte[] document = block.group(1).getBytes(UTF_8);
            boolean isCloudEvent = block.group(1).contains("specversion");

            assertThat(Schemas.errors(isCloudEvent ? CLOUD_EVENT : EVENT, document)).isEmpty();
            assertThat(codec.decode(document, isCloudEvent ? STRUCTURED : List.of()))
                    .isInstanceOf(Decoded.Ok.class);
            valid++;
        }

        assertThat(valid).isPositive();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "{\"id\":\"1\",\"to\":[\"a@b\"],\"subject\":\"s\"}",
                "{\"id\":\"1\",\"to\":[],\"subject\":\"s\",\"text\":\"t\"}",
                "{\"id\":\"1\",\"to\":[\"a@b\"],\"subject\":\"s\",\"text\":\"t\",\"subjekt\":\"s\"}",
                "{\"id\":\"1\",\"to\":[\"a@b\"],\"subject\":\"s\",\"message\":\"Subject: s\\n\"}",
                "{\"id\":\"1\",\"cc\":[\"a@b\"],\"message\":\"Subject: s\\n\"}"
            })
    void whatIsNoEventIsNotValid(String document) {
        assertThat(Schemas.errors(EVENT, document.getBytes(UTF_8))).isNotEmpty();
        assertThat(codec.decode(document.getBytes(UTF_8))).isInstanceOf(Decoded.Malformed.class);
    }

    @Test
    void validityIsWhatTheCodeSaysButForWhatNoSchemaCanSay() {
        long seed = new Random().nextLong();
        System.out.println("EventSchemaTest seed " + seed);
        var random = new Random(seed);
        var events = documents(random);
        var mutants = new Mutants(random, EventReader.FIELDS, ODD_VALUES);
        var tally = new Tally();
        for (int i = 0; i < 3_000; i++) {
            var mutant = mutants.next(events.get(random.nextInt(events.size())));

            tally.compare("seed " + seed, EVENT, mutant, List.of());
        }

        tally.isTelling();
    }

    @Test
    void theSameHoldsForCloudEvents() {
        long seed = new Random().nextLong();
        System.out.println("EventSchemaTest seed " + seed);
        var random = new Random(seed);
        var events = documents(random).stream().map(EventSchemaTest::cloudEvent).toList();
        var names = new ArrayList<>(EventReader.FIELDS);
        names.addAll(
                List.of(
                        "specversion",
                        "time",
                        "expirytime",
                        "datacontenttype",
                        "data",
                        "data_base64",
                        "x"));
        var mutants = new Mutants(random, names, ODD_VALUES);
        var tally = new Tally();
        for (int i = 0; i < 3_000; i++) {
            var mutant = mutants.next(events.get(random.nextInt(events.size())));

            tally.compare("seed " + seed, CLOUD_EVENT, mutant, STRUCTURED);
        }

        tally.isTelling();
    }

    private final class Tally {
        private final Map<BeyondSchemas, Integer> beyond = new EnumMap<>(BeyondSchemas.class);
        private int taken;
        private int refused;

        void compare(String seed, Schema schema, JsonNode mutant, List<Header> headers) {
            byte[] document = mutant.toString().getBytes(UTF_8);
            var errors = Schemas.errors(schema, document);
            switch (codec.decode(document, headers)) {
                case Decoded.Ok ok -> {
                    assertThat(errors).as("%s: taken, %s", seed, mutant).isEmpty();
                    taken++;
                }
                case Decoded.Malformed malformed -> {
                    if (errors.isEmpty()) {
                        assertThat(malformed.problems())
                                .as("%s: valid, %s", seed, mutant)
                                .allMatch(this::isBeyondSchemas);
                    }
                    refused++;
                }
            }
        }

        private boolean isBeyondSchemas(Problem problem) {
            var kinds = EnumSet.allOf(BeyondSchemas.class);
            kinds.removeIf(kind -> !kind.says(problem));
            kinds.forEach(kind -> beyond.merge(kind, 1, Integer::sum));
            return !kinds.isEmpty();
        }

        void isTelling() {
            System.out.printf(
                    "%d taken, %d refused, of them beyond schemas %s%n", taken, refused, beyond);
            assertThat(taken).isGreaterThan(300);
            assertThat(refused).isGreaterThan(300);
        }
    }

    private List<byte[]> documents(Random random) {
        var events = new RandomEvents(random);
        var documents = new ArrayList<byte[]>();
        for (int i = 0; i < 100; i++) {
            documents.add(codec.encode(events.next()));
        }
        for (var finished : finished()) {
            documents.add(codec.encode(finished));
        }
        return documents;
    }

    private static List<MailEvent> finished() {
        var plain = MailEvent.builder().id("1").source("/s").to("a@b");
        var from = MailEvent.builder().id("2").from("b@example.com").to("a@b").metadata("k", 1);
        return List.of(
                plain.message("From: a@b\r\nSubject: s\r\n\r\nHello\r\n".getBytes(UTF_8)).build(),
                from.message(new byte[] {'A', ':', (byte) 0xe9, '\n', '\n', (byte) 0xff}).build());
    }

    private static byte[] cloudEvent(byte[] document) {
        var mapper = JsonMapper.shared();
        var data = (ObjectNode) mapper.readTree(document);
        var event = mapper.createObjectNode().put("specversion", "1.0").put("type", "t");
        for (var name : List.of("id", "source", "type")) {
            var value = data.remove(name);
            if (value != null) {
                event.set(name, value);
            }
        }
        if (!event.has("source")) {
            event.put("source", "/");
        }
        if (data.size() % 2 == 0) {
            event.set("data", data);
        } else {
            event.put(
                    "data_base64",
                    Base64.getEncoder().encodeToString(data.toString().getBytes(UTF_8)));
        }
        return event.toString().getBytes(UTF_8);
    }

    /// What every schema of ours keeps to, so that programs can hold them in a folder or a
    /// registry.
    @ParameterizedTest
    @ValueSource(strings = {"event.json", "settings.json", "log-entry.json"})
    void schemasAreSelfContained(String file) {
        var references = new TreeSet<String>();
        collect(Schemas.json(file), references);

        assertThat(Schemas.json(file).path("$schema").asString())
                .isEqualTo("https://json-schema.org/draft/2020-12/schema");
        assertThat(Schemas.json(file).path("$id").asString()).startsWith("urn:outmail:schema:");
        assertThat(references).isNotEmpty().allMatch(reference -> reference.startsWith("#/"));
    }

    private static void collect(JsonNode node, Set<String> references) {
        if (node.path("$ref").isString()) {
            references.add(node.path("$ref").stringValue());
        }
        node.values().forEach(value -> collect(value, references));
    }
}
