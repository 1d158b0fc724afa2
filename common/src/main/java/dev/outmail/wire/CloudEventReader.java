package dev.outmail.wire;

import dev.outmail.mail.Problem;
import dev.outmail.mail.Problems;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// One document being read as a CloudEvent in structured mode (CloudEvents 1.0.2, JSON format). The
/// event in it is found, not read.
final class CloudEventReader {
    private final byte[] document;
    private final JsonParser parser;
    private final Problems problems = new Problems();
    private final StrictReader reader;
    private final Map<String, String> attributes = new HashMap<>();
    private byte @Nullable [] data;
    private boolean hasData;

    CloudEventReader(byte[] document, JsonParser parser) {
        this.document = document;
        this.parser = parser;
        this.reader = new StrictReader(parser, problems);
    }

    /// Reads it to its end.
    CloudEvent read() {
        try {
            parser.nextToken();
            reader.object("event", this::property);
            if (parser.nextToken() != null) {
                problems.add(
                        "event", "something follows its end", "publish one CloudEvent a record");
            }
        } catch (JacksonException e) {
            problems.add(reader.broken(e, "publish one CloudEvent in JSON (RFC 8259)"));
            data = null;
            return new CloudEvent(attributes, problems.list());
        }
        if (!hasData) {
            problems.add("data", "the CloudEvent has none", "put the event there");
        }
        return CloudEvent.judged(attributes, problems);
    }

    /// The event's document, once it was read; null where there is none, for a reason among the
    /// problems.
    byte @Nullable [] data() {
        return data;
    }

    private void property(String name) {
        switch (name) {
            case "data" -> data(name, this::object);
            case "data_base64" -> data(name, this::base64);
            default -> {
                if (CloudEvent.isKnown(name)) {
                    String value = reader.string(name);
                    if (value != null) {
                        attributes.put(name, value);
                    }
                } else {
                    parser.skipChildren();
                }
            }
        }
    }

    private interface Data {
        byte @Nullable [] read(String name);
    }

    private void data(String name, Data read) {
        byte[] found = read.read(name);
        if (hasData) {
            problems.add(name, "it has both data and data_base64", "write one of them");
        }
        hasData = true;
        data = found;
    }

    /// Its bytes as they stand in the document.
    private byte @Nullable [] object(String name) {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            reader.misread(name, "it is no object", "write the event as a JSON object");
            parser.skipChildren();
            return null;
        }
        int start = (int) parser.currentTokenLocation().getByteOffset();
        parser.skipChildren();
        return Arrays.copyOfRange(document, start, (int) parser.currentLocation().getByteOffset());
    }

    private byte @Nullable [] base64(String name) {
        byte[] decoded =
                parser.currentToken() == JsonToken.VALUE_STRING
                        ? Base64Value.read(parser, document)
                        : null;
        if (decoded == null) {
            problems.add(
                    new Problem(
                            name,
                            "no string of base64",
                            "use the standard alphabet and padding (RFC 4648 §4)"));
            parser.skipChildren();
        }
        return decoded;
    }
}
