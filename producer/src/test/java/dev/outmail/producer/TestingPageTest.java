package dev.outmail.producer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class TestingPageTest {
    @Test
    void theExampleIsTheTestThatRuns() throws IOException {
        var source =
                Files.readString(
                        Path.of("src", "test", "java", "dev", "outmail", "producer")
                                .resolve("TaskMailIT.java"));

        assertThat(Files.readString(Path.of("..", "docs", "testing.md")))
                .contains(source.substring(source.indexOf("class TaskMailIT")));
    }
}
