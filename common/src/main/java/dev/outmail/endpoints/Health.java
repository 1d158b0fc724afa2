package dev.outmail.endpoints;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;

/// How a program is, as a whole and part by part.
public record Health(List<Part> parts) {
    private static final JsonMapper JSON = new JsonMapper();

    /// From good to bad. The wire name is the constant's, in lower case.
    public enum Status {
        UP,
        /// Something is wrong that the program goes on with.
        DEGRADED,
        /// It can't do its work.
        DOWN;

        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public record Part(String name, Status status, String detail) {
        public static Part up(String name, String detail) {
            return new Part(name, Status.UP, detail);
        }

        public static Part degraded(String name, String detail) {
            return new Part(name, Status.DEGRADED, detail);
        }

        public static Part down(String name, String detail) {
            return new Part(name, Status.DOWN, detail);
        }
    }

    public Health {
        parts = List.copyOf(parts);
    }

    public static Health of(Part... parts) {
        return new Health(List.of(parts));
    }

    /// As bad as the worst of its parts.
    public Status status() {
        return parts.stream().map(Part::status).max(Status::compareTo).orElse(Status.UP);
    }

    /// `{"status": "up", "components": {"kafka": {"status": "up", "detail": "…"}}}`
    String json() {
        var components = new LinkedHashMap<String, Object>();
        for (var part : parts) {
            var written = new LinkedHashMap<String, String>();
            written.put("status", part.status().wireName());
            written.put("detail", part.detail());
            components.put(part.name(), written);
        }
        var all = new LinkedHashMap<String, Object>();
        all.put("status", status().wireName());
        all.put("components", components);
        return JSON.writeValueAsString(all);
    }
}
