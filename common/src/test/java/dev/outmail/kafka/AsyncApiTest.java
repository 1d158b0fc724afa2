package dev.outmail.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.outmail.mail.EventLimits;
import dev.outmail.wire.Schemas;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// The description of the topics is valid, and says what the code makes.
class AsyncApiTest {
    private static final Topics TOPICS = new Topics(Topics.DEFAULT_PREFIX);

    /// What Outmail's parts tell each other; it may be otherwise in the next version.
    private static final Set<String> INTERNAL =
            Stream.concat(
                            Stream.of(
                                    TOPICS.ledger(),
                                    TOPICS.breakers(),
                                    TOPICS.workers(),
                                    TOPICS.audit()),
                            Stream.of(DelayTier.values()).map(TOPICS::delay))
                    .collect(Collectors.toSet());

    private final JsonNode document = new YAMLMapper().readTree(Schemas.text("asyncapi.yaml"));

    @Test
    void itIsWhatAsyncApiSays() throws IOException {
        try (var in = Schemas.class.getResourceAsStream("asyncapi/asyncapi-3.0.0.json")) {
            var schema =
                    SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
                            .getSchema(in, InputFormat.JSON);

            assertThat(schema.validate(document)).isEmpty();
        }
    }

    @Test
    void eachPublicTopicIsThereAsItIsMade() {
        var specs =
                TOPICS.specs(12, EventLimits.DEFAULT.maxBytes()).stream()
                        .filter(spec -> !INTERNAL.contains(spec.name()))
                        .collect(Collectors.toMap(TopicSpec::name, Function.identity()));
        var channels = document.path("channels").valueStream().toList();

        assertThat(channels)
                .extracting(channel -> channel.path("address").asString())
                .containsExactlyInAnyOrderElementsOf(specs.keySet());
        for (var channel : channels) {
            var address = channel.path("address").asString();
            var kafka = channel.at("/bindings/kafka");
            var spec = Objects.requireNonNull(specs.get(address));
            assertThat(kafka.path("partitions").asInt()).as(address).isEqualTo(spec.partitions());
            assertThat(config(kafka.path("topicConfiguration")))
                    .as(address)
                    .allSatisfy(
                            (key, value) -> assertThat(spec.config()).containsEntry(key, value));
            assertThat(kafka.path("topicConfiguration").has("retention.ms"))
                    .isEqualTo(spec.config().containsKey("retention.ms"));
        }
    }

    @Test
    void itsReferencesLeadSomewhere() {
        var references = new TreeSet<String>();
        collect(document, references);

        assertThat(references)
                .contains("./event.json", "./settings.json", "./log-entry.json")
                .allSatisfy(reference -> {
                    var parts = reference.split("#", 2);
                    var file = parts[0].isEmpty() ? document : Schemas.json(parts[0].substring(2));
                    var place = parts.length == 1 ? file : file.at(parts[1]);
                    assertThat(place.isMissingNode()).as(reference).isFalse();
                });
    }

    @Test
    void theHeadersOfDeadLettersAreThoseOfTheCode() {
        var told = new ArrayList<String>();
        for (var message : List.of("deadLetter", "resolution")) {
            told.addAll(
                    document.at("/components/messages/" + message + "/headers/properties")
                            .propertyNames());
        }

        assertThat(told)
                .containsExactlyInAnyOrder(
                        Headers.REASON,
                        Headers.DETAIL,
                        Headers.OUTCOME,
                        Headers.ATTEMPTS,
                        Headers.NEXT_ATTEMPT,
                        Headers.REVISION,
                        Headers.ACCEPTED_AT,
                        Headers.TOPIC,
                        Headers.PARTITION,
                        Headers.OFFSET,
                        Headers.UNDELIVERED_RECIPIENT,
                        Headers.RESOLUTION,
                        Headers.RESOLVED_BY,
                        Headers.RESOLVED_WHY,
                        Headers.COPIED_TO);
    }

    private static Map<String, String> config(JsonNode configuration) {
        return configuration.properties().stream()
                .collect(
                        Collectors.toMap(
                                Map.Entry::getKey,
                                entry ->
                                        entry.getValue().isArray()
                                                ? entry.getValue()
                                                        .valueStream()
                                                        .map(JsonNode::asString)
                                                        .collect(Collectors.joining(","))
                                                : entry.getValue().asString()));
    }

    private static void collect(JsonNode node, Set<String> references) {
        if (node.path("$ref").isString()) {
            references.add(node.path("$ref").stringValue());
        }
        node.values().forEach(value -> collect(value, references));
    }
}
