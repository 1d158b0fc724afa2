package dev.outmail.worker;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// What `/metrics` answered, in the text format of Prometheus.
///
/// @param families each with its type and labels, by name
/// @param values by name and labels
record Scrape(Map<String, Family> families, Map<String, Double> values) {
    private static final Pattern TYPE = Pattern.compile("# TYPE (\\S+) (\\S+)");
    private static final Pattern SAMPLE = Pattern.compile("(\\w+)(\\{.*})? (\\S+)");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"");
    private static final List<String> PARTS = List.of("", "_bucket", "_count", "_sum");

    /// @param labels without those that the type brings along
    record Family(String type, List<String> labels) {}

    static Scrape of(String body) {
        var types = new TreeMap<String, String>();
        var labels = new TreeMap<String, TreeSet<String>>();
        var values = new TreeMap<String, Double>();
        for (var line : body.lines().toList()) {
            var type = TYPE.matcher(line);
            var sample = SAMPLE.matcher(line);
            if (type.matches()) {
                types.put(type.group(1), type.group(2));
            } else if (sample.matches()) {
                var written = sample.group(2) == null ? "" : sample.group(2);
                values.put(sample.group(1) + written, Double.parseDouble(sample.group(3)));
                labels.computeIfAbsent(family(sample.group(1), types), _ -> new TreeSet<>())
                        .addAll(keys(written));
            }
        }
        var families = new TreeMap<String, Family>();
        labels.forEach((name, keys) ->
                families.put(
                        name, new Family(types.getOrDefault(name, "untyped"), List.copyOf(keys))));
        return new Scrape(families, values);
    }

    private static String family(String sample, Map<String, String> types) {
        return PARTS.stream()
                .filter(sample::endsWith)
                .map(part -> sample.substring(0, sample.length() - part.length()))
                .filter(types::containsKey)
                .findFirst()
                .orElse(sample);
    }

    private static List<String> keys(String labels) {
        return LABEL.matcher(labels)
                .results()
                .map(result -> result.group(1))
                .filter(key -> !key.equals("le"))
                .toList();
    }

    /// 0 where there is none.
    double value(String series) {
        return values.getOrDefault(series, 0.0);
    }
}
