package dev.outmail.cli;

import dev.outmail.delivery.WhatIf;
import dev.outmail.delivery.WhatIf.Fate;
import dev.outmail.wire.Json;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What would become of events, for people and for programs.
final class WhatIfView {
    private static final JsonMapper JSON = Json.mapper(1 << 20);

    private WhatIfView() {}

    static void print(PrintWriter out, WhatIf whatIf, Instant since) {
        out.println(
                String.format(
                        Locale.ROOT,
                        "%,d events since %s, by the settings as they are and as proposed:",
                        whatIf.events(),
                        since.truncatedTo(ChronoUnit.SECONDS)));
        out.println("  %12s %12s".formatted("now", "proposed"));
        var fates = new LinkedHashSet<>(whatIf.byCurrent().keySet());
        fates.addAll(whatIf.byProposed().keySet());
        for (var fate : fates) {
            out.println(
                    String.format(
                            Locale.ROOT,
                            "  %,12d %,12d  %s",
                            whatIf.byCurrent().getOrDefault(fate, 0L),
                            whatIf.byProposed().getOrDefault(fate, 0L),
                            fate.words()));
        }
        long malformed = whatIf.malformed();
        if (malformed > 0) {
            out.println(
                    String.format(Locale.ROOT, "  %,12d %,12d  malformed", malformed, malformed));
        }
        if (whatIf.changes().isEmpty()) {
            out.println("Nothing would change.");
        } else {
            out.println("What would change:");
        }
        whatIf.changes()
                .forEach((change, count) ->
                        out.println(
                                String.format(
                                        Locale.ROOT,
                                        "  %,12d  %s -> %s",
                                        count,
                                        change.now().words(),
                                        change.then().words())));
        out.println("Nothing was sent, nothing was saved.");
    }

    private static String kind(Fate fate) {
        return fate.kind().name().toLowerCase(Locale.ROOT);
    }

    static String toJson(WhatIf whatIf, Instant since) {
        var json = JSON.createObjectNode();
        json.put("since", since.toString());
        json.put("events", whatIf.events());
        json.put("malformed", whatIf.malformed());
        fates(json.putArray("current"), whatIf.byCurrent());
        fates(json.putArray("proposed"), whatIf.byProposed());
        var changes = json.putArray("changes");
        whatIf.changes()
                .forEach((change, count) -> {
                    var one = changes.addObject();
                    fate(one.putObject("now"), change.now());
                    fate(one.putObject("then"), change.then());
                    one.put("events", count);
                });
        return json.toString();
    }

    private static void fates(ArrayNode array, Map<Fate, Long> counts) {
        counts.forEach((fate, count) -> {
            var one = array.addObject();
            fate(one, fate);
            one.put("events", count);
        });
    }

    private static void fate(ObjectNode json, Fate fate) {
        json.put("outcome", kind(fate));
        if (!fate.by().isEmpty()) {
            json.put("by", fate.by());
        }
    }
}
