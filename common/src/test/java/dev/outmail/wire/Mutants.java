package dev.outmail.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// JSON documents that are nearly what they should be, the same ones for the same seed: fields are
/// missing, unknown, doubled elsewhere, or have a value that is none for them.
public final class Mutants {
    private final Random random;
    private final List<String> names;
    private final List<String> values;

    /// @param names of fields that may come in
    /// @param values as JSON, that fields may get
    public Mutants(Random random, List<String> names, List<String> values) {
        this.random = random;
        this.names = names;
        this.values = values;
    }

    public JsonNode next(byte[] document) {
        var json = JsonMapper.shared().readTree(document);
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            change(json);
        }
        return json;
    }

    private void change(JsonNode root) {
        var places = new ArrayList<JsonNode>();
        collect(root, places);
        switch (places.get(random.nextInt(places.size()))) {
            case ObjectNode object -> change(root, object);
            case ArrayNode array -> change(root, array);
            default -> throw new IllegalStateException();
        }
    }

    private static void collect(JsonNode node, List<JsonNode> places) {
        if (node.isContainer()) {
            places.add(node);
            node.values().forEach(value -> collect(value, places));
        }
    }

    private void change(JsonNode root, ObjectNode object) {
        var present = List.copyOf(object.propertyNames());
        switch (random.nextInt(4)) {
            case 0 -> {
                if (!present.isEmpty()) {
                    object.remove(any(present));
                }
            }
            case 1 -> object.set(any(names), value(root));
            default -> object.set(present.isEmpty() ? any(names) : any(present), value(root));
        }
    }

    private void change(JsonNode root, ArrayNode array) {
        switch (random.nextInt(3)) {
            case 0 -> array.add(value(root));
            case 1 -> array.removeAll();
            default -> {
                if (!array.isEmpty()) {
                    array.set(random.nextInt(array.size()), value(root));
                }
            }
        }
    }

    /// One of those that are known to be odd, or one that stands elsewhere.
    private JsonNode value(JsonNode root) {
        if (random.nextInt(4) == 0) {
            var elsewhere = List.copyOf(root.values());
            if (!elsewhere.isEmpty()) {
                return elsewhere.get(random.nextInt(elsewhere.size())).deepCopy();
            }
        }
        return JsonMapper.shared().readTree(any(values));
    }

    private String any(List<String> from) {
        return from.get(random.nextInt(from.size()));
    }
}
