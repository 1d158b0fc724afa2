package dev.outmail.bench;

import java.util.List;

/// What a scenario found.
///
/// @param table in Markdown
/// @param failures mails that did not arrive, peers that broke; none in a good run
record Report(String table, List<String> failures) {
    Report {
        failures = List.copyOf(failures);
    }
}
