package dev.outmail.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.testkit.ExternalProgram;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A Kafka without Outmail's topics, and none at all.
class TopicsIT {
    @RegisterExtension static final SharedOutmail OUTMAIL = new SharedOutmail();

    @TempDir Path folder;
    private String config = "";

    /// A prefix under which there is nothing yet.
    @BeforeEach
    void choosePrefix() throws IOException {
        config =
                Files.writeString(
                                folder.resolve("worker.properties"),
                                "topics.prefix=" + folder.getFileName() + ".\n")
                        .toString();
    }

    private OutmailCommand.Ran topics(String command, String... more) {
        var arguments = new ArrayList<>(List.of("topics", command, "--config", config));
        arguments.addAll(List.of(more));
        return OUTMAIL.up().run(arguments.toArray(String[]::new));
    }

    @Test
    void topicsAreMissingThenCreatedThenAsTheyShouldBe() {
        var before = topics("verify");
        assertThat(before.exitCode()).isEqualTo(1);
        assertThat(before.output()).contains("MISSING: 12 partitions");

        var applied = topics("apply", "--partitions", "5");
        assertThat(applied.exitCode()).as(applied.output()).isZero();
        assertThat(applied.output()).contains("created: 5 partitions");

        var after = topics("verify");
        assertThat(after.exitCode()).as(after.output()).isZero();
        assertThat(after.output()).contains("ok, 5 partitions").doesNotContain("MISSING");
    }

    @ParameterizedTest
    @ValueSource(strings = {"publish", "settings show", "preferences show", "log"})
    void aMissingTopicIsToldWithWhatToDo(String command) {
        var ran = OUTMAIL.up().run((command + " --config " + config).split(" "));

        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.output())
                .startsWith("There is no topic " + folder.getFileName())
                .endsWith("create it with: outmail topics apply\n");
    }

    @Test
    void withoutAKafkaPublishingFailsSoonAndSaysSo() throws IOException {
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        var event = folder.resolve("event.json");
        Files.writeString(event, "{}");

        try (ExternalProgram publish =
                OutmailCommand.start(
                        Map.of(),
                        "publish",
                        "--bootstrap-servers",
                        "127.0.0.1:" + port,
                        event.toString())) {
            assertThat(publish.awaitExit(Duration.ofSeconds(15))).isEqualTo(1);
            assertThat(publish.output())
                    .startsWith("No Kafka listens: 127.0.0.1:" + port)
                    .doesNotContain("\tat ");
        }
    }
}
