package dev.outmail.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outmail.mail.EventLimits;
import dev.outmail.wire.EventCodec;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventFilesTest {
    @TempDir Path folder;

    /// `place: id` of each event, in order.
    private final List<String> found = new ArrayList<>();

    private final StringWriter err = new StringWriter();

    private static String json(String id) {
        return "{\"id\": \"%s\", \"to\": [\"é@example.org\"], \"subject\": \"é\", \"text\": \"\"}"
                .formatted(id);
    }

    private String file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content).toString();
    }

    /// Reads, and returns how many were malformed.
    private int read(String standardInput, @Nullable List<String> files) throws IOException {
        var in = new ByteArrayInputStream(standardInput.getBytes(StandardCharsets.UTF_8));
        var events =
                new EventFiles(new EventCodec(EventLimits.DEFAULT), in, new PrintWriter(err, true));
        events.forEach(files, (place, event) -> found.add(place + ": " + event.id().id()));
        return events.malformed();
    }

    @Test
    void aFileHoldsOneEventOverAsManyLinesAsItLikes() throws IOException {
        var file = file("event.json", "\n" + json("a").replace(",", ",\n") + "\n");

        assertThat(read("", List.of(file))).isZero();

        assertThat(found).containsExactly(file + ": a");
    }

    @ParameterizedTest
    @ValueSource(strings = {"events.jsonl", "events.ndjson"})
    void aFileOfJsonLinesHoldsAnEventALine(String name) throws IOException {
        var file = file(name, json("a") + "\n\n" + json("b") + "\r\n   \n" + json("c"));

        assertThat(read("", List.of(file))).isZero();

        assertThat(found)
                .containsExactly(file + ", line 1: a", file + ", line 3: b", file + ", line 5: c");
    }

    @Test
    void standardInputHoldsJsonLines() throws IOException {
        assertThat(read(json("a") + "\n" + json("b"), null)).isZero();

        assertThat(found).containsExactly("standard input, line 1: a", "standard input, line 2: b");
    }

    @Test
    void aHyphenIsStandardInputAmongFiles() throws IOException {
        var before = file("before.json", json("a"));
        var after = file("after.json", json("c"));

        assertThat(read(json("b"), List.of(before, "-", after))).isZero();

        assertThat(found)
                .containsExactly(before + ": a", "standard input, line 1: b", after + ": c");
    }

    @Test
    void nothingOnStandardInputIsNoEvent() throws IOException {
        assertThat(read("", List.of())).isZero();

        assertThat(found).isEmpty();
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void whatIsNoEventIsReportedWithItsPlaceAndCountedAndTheRestIsRead() throws IOException {
        var lines = file("events.jsonl", json("a") + "\n{\"id\": \"b\"}\n" + json("c"));
        var single = file("single.json", "not JSON");

        int malformed = read("", List.of(lines, single));

        assertThat(malformed).isEqualTo(2);
        assertThat(found).containsExactly(lines + ", line 1: a", lines + ", line 3: c");
        assertThat(err.toString())
                .contains(lines + ", line 2: not a mail event")
                .contains("  subject: ")
                .contains(single + ": not a mail event");
    }

    @Test
    void aFileThatIsNotThereIsWrongUsage() {
        assertThatThrownBy(() -> read("", List.of("no-such-file.json")))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.exitCode()).isEqualTo(2))
                .hasMessageContaining("no-such-file.json");
    }

    @Test
    void aFolderIsWrongUsage() {
        assertThatThrownBy(() -> read("", List.of(folder.toString())))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.exitCode()).isEqualTo(2))
                .hasMessageContaining("is a directory");
    }
}
