package dev.outmail.console.settings;

import dev.outmail.delivery.WhatIf;
import dev.outmail.delivery.WhatIf.Fate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/// What would have become of the events of the last day, for people.
record WhatIfPart(
        Map<String, String> problems,
        int events,
        long malformed,
        List<Row> rows,
        List<Row> changes) {

    /// @param before how many now; of a change, how many events fare otherwise
    record Row(String words, long before, long after) {}

    static WhatIfPart wrong(Map<String, String> problems) {
        return new WhatIfPart(problems, 0, 0, List.of(), List.of());
    }

    static WhatIfPart of(WhatIf whatIf) {
        var fates = new LinkedHashSet<Fate>(whatIf.byCurrent().keySet());
        fates.addAll(whatIf.byProposed().keySet());
        var rows = new ArrayList<Row>();
        for (var fate : fates) {
            rows.add(
                    new Row(
                            fate.words(),
                            whatIf.byCurrent().getOrDefault(fate, 0L),
                            whatIf.byProposed().getOrDefault(fate, 0L)));
        }
        var changes = new ArrayList<Row>();
        whatIf.changes()
                .forEach((change, count) ->
                        changes.add(
                                new Row(
                                        change.now().words() + " → " + change.then().words(),
                                        count,
                                        count)));
        return new WhatIfPart(Map.of(), whatIf.events(), whatIf.malformed(), rows, changes);
    }
}
