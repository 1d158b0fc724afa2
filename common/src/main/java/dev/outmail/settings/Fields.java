package dev.outmail.settings;

import dev.outmail.mail.Problem;
import dev.outmail.wire.Nearest;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The fields of one JSON object, read strictly: what is wrong is collected, and a field that
/// nobody knows is wrong. Null counts as absent.
final class Fields {
    /// What problems call the whole.
    static final String DOCUMENT = "settings";

    private final String path;
    private final JsonNode object;
    private final List<Problem> problems;

    private Fields(String path, JsonNode object, List<Problem> problems) {
        this.path = path;
        this.object = object;
        this.problems = problems;
    }

    /// The fields of a document; with a problem where it is no object.
    static Fields of(JsonNode document, Set<String> known) {
        var fields = new Fields("", document, new ArrayList<>());
        fields.check(known);
        return fields;
    }

    private void check(Set<String> known) {
        if (!object.isObject()) {
            problem("", "is not a JSON object", "write {…}");
            return;
        }
        for (var name : object.propertyNames()) {
            if (!known.contains(name)) {
                var nearest = Nearest.to(name, known).map(n -> "did you mean '" + n + "'?");
                problem(name, "is not a known field", nearest.orElse("known are " + known));
            }
        }
    }

    /// The object in a field; an empty one where it is absent.
    Fields object(String name, Set<String> known) {
        var inner = new Fields(place(name), object.path(name), problems);
        if (!absent(name)) {
            inner.check(known);
        }
        return inner;
    }

    boolean absent(String name) {
        var node = object.path(name);
        return node.isMissingNode() || node.isNull();
    }

    @Nullable String text(String name) {
        return value(name, JsonNode::isString, JsonNode::stringValue, "must be a string");
    }

    @Nullable Boolean bool(String name) {
        return value(name, JsonNode::isBoolean, JsonNode::booleanValue, "must be true or false");
    }

    @Nullable Long integer(String name) {
        return value(
                name,
                n -> n.isIntegralNumber() && n.canConvertToLong(),
                JsonNode::longValue,
                "must be a whole number that fits 64 bits");
    }

    @Nullable Double number(String name) {
        return value(
                name,
                n -> n.doubleValueOpt().isPresent(),
                JsonNode::doubleValue,
                "must be a number that fits 64 bits");
    }

    private <T> @Nullable T value(
            String name,
            Function<JsonNode, Boolean> fits,
            Function<JsonNode, T> read,
            String rule) {
        if (absent(name)) {
            return null;
        }
        var node = object.path(name);
        if (!fits.apply(node)) {
            problem(name, rule, "correct it");
            return null;
        }
        return read.apply(node);
    }

    /// A text turned into something else, by a function that throws IllegalArgumentException with
    /// what is wrong.
    <T> @Nullable T parsed(String name, Function<String, T> parse) {
        var text = text(name);
        return text == null ? null : attempt(name, () -> parse.apply(text));
    }

    /// An array of texts turned into something else, likewise.
    <T> @Nullable T parsedList(String name, Function<List<String>, T> parse) {
        var texts = value(name, Fields::holdsTexts, Fields::texts, "must be an array of strings");
        return texts == null ? null : attempt(name, () -> parse.apply(texts));
    }

    private static boolean holdsTexts(JsonNode node) {
        return node.isArray() && node.valueStream().allMatch(JsonNode::isString);
    }

    private static List<String> texts(JsonNode node) {
        return node.valueStream().map(JsonNode::stringValue).toList();
    }

    /// What the fields make together, by a function that throws likewise.
    <T> @Nullable T attempt(Supplier<T> make) {
        return attempt("", make);
    }

    private <T> @Nullable T attempt(String name, Supplier<T> make) {
        try {
            return make.get();
        } catch (IllegalArgumentException | DateTimeException e) {
            problem(name, String.valueOf(e.getMessage()), "correct it");
            return null;
        }
    }

    <T> @Nullable T required(String name, @Nullable T value) {
        if (value == null && absent(name) && object.isObject()) {
            problem(name, "is missing", "add it");
        }
        return value;
    }

    /// @param name empty for the object itself
    void problem(String name, String what, String remedy) {
        String field = place(name);
        problems.add(new Problem(field.isEmpty() ? DOCUMENT : field, what, remedy));
    }

    private String place(String name) {
        return path.isEmpty() || name.isEmpty() ? path + name : path + "." + name;
    }

    List<Problem> problems() {
        return List.copyOf(problems);
    }
}
