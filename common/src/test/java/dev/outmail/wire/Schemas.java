package dev.outmail.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The published schemas, as a validator takes them that knows nothing of the code.
public final class Schemas {
    public static final String EVENT = "urn:outmail:schema:event:1";
    public static final String SETTINGS = "urn:outmail:schema:settings:1";
    public static final String LOG_ENTRY = "urn:outmail:schema:log-entry:1";

    private static final SchemaRegistry REGISTRY =
            SchemaRegistry.withDefaultDialect(
                    SpecificationVersion.DRAFT_2020_12,
                    builder ->
                            builder.schemas(
                                    Map.of(
                                            EVENT, text("event.json"),
                                            SETTINGS, text("settings.json"),
                                            LOG_ENTRY, text("log-entry.json"))));

    private Schemas() {}

    /// The schema of an identifier, or a part of it by a JSON pointer behind `#`.
    public static Schema of(String reference) {
        return REGISTRY.getSchema("{\"$ref\":\"" + reference + "\"}", InputFormat.JSON);
    }

    /// What a document breaks; nothing where it is valid.
    public static List<Error> errors(Schema schema, byte[] document) {
        return schema.validate(new String(document, UTF_8), InputFormat.JSON);
    }

    public static JsonNode json(String file) {
        return JsonMapper.shared().readTree(text(file));
    }

    public static String text(String file) {
        try (var in = Schemas.class.getResourceAsStream("/dev/outmail/schemas/" + file)) {
            if (in == null) {
                throw new AssertionError("no schema " + file);
            }
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
