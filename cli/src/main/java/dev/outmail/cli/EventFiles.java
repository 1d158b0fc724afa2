package dev.outmail.cli;

import dev.outmail.mail.MailEvent;
import dev.outmail.mail.Problem;
import dev.outmail.wire.Decoded;
import dev.outmail.wire.EventCodec;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// Events as a user gives them: files of one event each, files of JSON lines (`.jsonl`, `.ndjson`),
/// and JSON lines on standard input (`-`, or no file at all).
final class EventFiles {
    private final EventCodec codec;
    private final InputStream standardInput;
    private final PrintWriter err;
    private int malformed;

    EventFiles(EventCodec codec, InputStream standardInput, PrintWriter err) {
        this.codec = codec;
        this.standardInput = standardInput;
        this.err = err;
    }

    /// Reads them all and passes on each event with the place where it was found. What is no event
    /// is reported and counted.
    void forEach(@Nullable List<String> files, BiConsumer<String, MailEvent> use)
            throws IOException {
        var sources = files == null || files.isEmpty() ? List.of("-") : files;
        for (var source : sources) {
            read(source, use);
        }
    }

    int malformed() {
        return malformed;
    }

    private void read(String source, BiConsumer<String, MailEvent> use) throws IOException {
        if (source.equals("-")) {
            readLines("standard input", standardInput, use);
        } else if (source.endsWith(".jsonl") || source.endsWith(".ndjson")) {
            try (var lines = open(Path.of(source))) {
                readLines(source, lines, use);
            }
        } else {
            try (var file = open(Path.of(source))) {
                decode(source, file.readAllBytes()).ifPresent(event -> use.accept(source, event));
            }
        }
    }

    private static InputStream open(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw Failure.wrongUsage(file + " is a directory; name the files in it");
        }
        try {
            return Files.newInputStream(file);
        } catch (NoSuchFileException e) {
            throw Failure.wrongUsage("There is no file " + file);
        }
    }

    private void readLines(String source, InputStream in, BiConsumer<String, MailEvent> use)
            throws IOException {
        var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        int number = 0;
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
            number++;
            if (!line.isBlank()) {
                var place = source + ", line " + number;
                decode(place, line.getBytes(StandardCharsets.UTF_8))
                        .ifPresent(event -> use.accept(place, event));
            }
        }
    }

    private Optional<MailEvent> decode(String place, byte[] json) {
        return switch (codec.decode(json)) {
            case Decoded.Ok ok -> Optional.of(ok.event());
            case Decoded.Malformed wrong -> {
                report(place, wrong.problems());
                yield Optional.empty();
            }
        };
    }

    private void report(String place, List<Problem> problems) {
        malformed++;
        err.println(place + ": not a mail event");
        problems.forEach(problem -> err.println("  " + problem));
        err.flush();
    }
}
