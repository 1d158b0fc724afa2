package dev.outmail.worker;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;

/// How a worker is, as a whole and part by part.
record Health(List<Part> parts) {
    private static final JsonMapper JSON = new JsonMapper();

    /// From good to bad. The wire name is the constant's, in lower case.
    enum Status {
        UP,
        /// Something is wrong that the worker goes on with.
        DEGRADED,
        /// It can't do its work.
        DOWN;

        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    record Part(String name, Status status, String detail) {
        static Part up(String name, String detail) {
            return new Part(name, Status.UP, detail);
        }

        static Part degraded(String name, String detail) {
            return new Part(name, Status.DEGRADED, detail);
        }

        static Part down(String name, String detail) {
            return new Part(name, Status.DOWN, detail);
        }
    }

    Health {
        parts = List.copyOf(parts);
    }

    static Health of(Part... parts) {
        return new Health(List.of(parts));
    }

    /// As bad as the worst of its parts.
    Status status() {
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
