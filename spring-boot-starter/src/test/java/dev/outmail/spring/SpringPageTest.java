package dev.outmail.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.outmail.config.DeploymentReader;
import dev.outmail.config.InvalidDeployment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

    /// But for those of workers, consoles and commands.
    @Test
    void everyKeyOfADeploymentHasAProperty() throws IOException {
        var names = metadata().stream().map(property -> property.get("name").asString()).toList();

        assertThat(keys())
                .filteredOn(key ->
                        !key.matches(
                                "(worker\\.(?!id)|ledger|http|console|log|smtp-in|sendmail)\\b.*"))
                .hasSizeGreaterThan(5)
                .allSatisfy(key -> assertThat(names).contains("outmail." + key));
    }

    /// As told to whoever writes another.
    private static List<String> keys() {
        var unknown =
                catchThrowableOfType(
                        InvalidDeployment.class,
                        () -> DeploymentReader.read(Map.of("xyzzy", ""), Map.of()));
        var all = unknown.problems().getFirst();
        return List.of(all.substring(all.indexOf("kafka.*, ") + 9).split(", ")).stream()
                .filter(key -> !key.endsWith("*"))
                .toList();
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
