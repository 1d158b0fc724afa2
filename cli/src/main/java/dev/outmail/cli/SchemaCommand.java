package dev.outmail.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `outmail schema`.
@Command(
        name = "schema",
        description = {
            "Prints what records look like, for programs and registries: the JSON Schema (2020-12) of",
            "an event, of settings, of a log entry, or all topics as AsyncAPI 3.0, which refers to these."
        },
        mixinStandardHelpOptions = true)
final class SchemaCommand implements Callable<Integer> {
    private enum Schema {
        EVENT("event.json"),
        SETTINGS("settings.json"),
        LOG("log-entry.json"),
        ASYNCAPI("asyncapi.yaml");

        private final String file;

        Schema(String file) {
            this.file = file;
        }
    }

    @Parameters(
            arity = "0..1",
            paramLabel = "SCHEMA",
            description = "Which: ${COMPLETION-CANDIDATES}")
    private @Nullable Schema schema;

    @Spec private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        var command = Objects.requireNonNull(spec).commandLine();
        if (schema == null) {
            throw new ParameterException(
                    command, "Name a schema: event, settings, log or asyncapi");
        }
        var place = "/dev/outmail/schemas/" + schema.file;
        var out = command.getOut();
        try (var file = Objects.requireNonNull(SchemaCommand.class.getResourceAsStream(place))) {
            out.print(new String(file.readAllBytes(), StandardCharsets.UTF_8));
        }
        out.flush();
        return Main.DONE;
    }
}
