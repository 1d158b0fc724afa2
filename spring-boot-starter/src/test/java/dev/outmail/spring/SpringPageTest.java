package dev.outmail.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// docs/spring.md says what is so.
class SpringPageTest {
    @ParameterizedTest
    @ValueSource(strings = {"Tasks", "TasksTest", "Outbox"})
    void theExamplesAreWhatIsTested(String example) throws IOException {
        var source =
                Files.readString(
                        Path.of("src", "test", "java", "dev", "outmail", "spring", "tasks")
                                .resolve(example + ".java"));

        assertThat(page()).contains(source.substring(source.indexOf("\n\n@") + 2));
    }

    @Test
    void theTableOfTheOutboxIsTheOneThatIsTested() throws IOException {
        var schema = Files.readString(Path.of("src", "test", "resources", "schema.sql"));

        assertThat(page()).contains(schema.substring(schema.indexOf("CREATE TABLE outbox")));
    }

    @Test
    void everyPropertyIsDescribedHereAndThere() throws IOException {
        for (var property : metadata()) {
            var name = property.get("name").asString();
            assertThat(property.path("description").asString("")).as(name).endsWith(".");
            assertThat(page()).contains("`" + name + "`");
        }
    }

    private static List<JsonNode> metadata() throws IOException {
        var properties = new ArrayList<JsonNode>();
        try (var in =
                SpringPageTest.class.getResourceAsStream(
                        "/META-INF/spring-configuration-metadata.json")) {
            JsonMapper.shared().readTree(in).get("properties").forEach(properties::add);
        }
        assertThat(properties).hasSizeGreaterThan(10);
        return properties;
    }

    private static String page() throws IOException {
        return Files.readString(Path.of("..", "docs", "spring.md"));
    }
}
