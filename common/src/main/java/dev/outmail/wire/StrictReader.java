package dev.outmail.wire;

import dev.outmail.mail.Problem;
import dev.outmail.mail.Problems;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.StreamConstraintsException;

/// Reads a document token by token, each value as what is expected in its place. What is there
/// instead becomes a problem and is skipped, so that one reading finds all of them. Null is taken
/// for absent.
final class StrictReader {
    private final JsonParser parser;
    private final Problems problems;
    private final Set<String> misread = new HashSet<>();

    StrictReader(JsonParser parser, Problems problems) {
        this.parser = parser;
        this.problems = problems;
    }

    /// Whether the value of this field could not be taken for what it should be.
    boolean misread(String field) {
        return misread.contains(field);
    }

    /// Calls back with the name of each property, the parser being at its value; the callee reads
    /// that value, whole.
    void object(String field, Consumer<String> property) {
        if (!is(JsonToken.START_OBJECT, field, "an object", "write it as {…}")) {
            return;
        }
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            property.accept(name);
        }
    }

    /// Calls back for each element, the parser being at it; the callee reads it, whole.
    void array(String field, String expected, Consumer<String> element) {
        if (!is(JsonToken.START_ARRAY, field, expected, "write it as […], even if it is one")) {
            return;
        }
        for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
            element.accept(field + "[" + i + "]");
        }
    }

    /// The strings of an array; an empty one stands for what was none, to keep the places.
    List<String> strings(String field) {
        var strings = new ArrayList<String>();
        array(
                field,
                "an array of strings",
                place -> {
                    String string = string(place);
                    if (string == null && !misread(place)) {
                        misread(place, "expected a string, got null", "leave the entry out");
                    }
                    strings.add(string == null ? "" : string);
                });
        return strings;
    }

    /// The string, or null where there is none.
    @Nullable String string(String field) {
        return is(JsonToken.VALUE_STRING, field, "a string", "put it in quotes")
                ? parser.getString()
                : null;
    }

    void unknown(String field, String name, Collection<String> known, String otherwise) {
        String meant =
                Nearest.to(name, known)
                        .map(nearest -> "did you mean '" + nearest + "'? " + otherwise)
                        .orElse("known are " + String.join(", ", known) + "; " + otherwise);
        problems.add(field, "unknown field " + Problem.shown(name), meant);
        parser.skipChildren();
    }

    void misread(String field, String what, String remedy) {
        misread(new Problem(field, what, remedy));
    }

    void misread(Problem problem) {
        misread.add(problem.field());
        problems.add(problem);
    }

    /// Why the document can't be read any further.
    Problem broken(JacksonException e, String remedy) {
        return new Problem(
                "event",
                "at byte "
                        + parser.currentLocation().getByteOffset()
                        + ", in '"
                        + parser.streamReadContext().pathAsPointer()
                        + "': "
                        + e.getOriginalMessage(),
                e instanceof StreamConstraintsException
                        ? "keep it small and flat; put numbers into strings"
                        : remedy);
    }

    /// Whether the value is of the expected kind; if not, it was skipped.
    boolean is(JsonToken expected, String field, String kind, String remedy) {
        JsonToken token = parser.currentToken();
        if (token == expected) {
            return true;
        }
        if (token != JsonToken.VALUE_NULL) {
            misread(field, "expected " + kind + ", got " + kind(token), remedy);
            parser.skipChildren();
        }
        return false;
    }

    private static String kind(@Nullable JsonToken token) {
        return switch (token) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "an array";
            case VALUE_STRING -> "a string";
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
            case VALUE_TRUE, VALUE_FALSE -> "a boolean";
            case VALUE_NULL -> "null";
            case END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
                    "nothing";
            case null -> "nothing";
        };
    }
}
