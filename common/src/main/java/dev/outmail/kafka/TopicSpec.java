package dev.outmail.kafka;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/// A topic as it should be.
///
/// @param config the settings that matter to Outmail; others are the operator's
public record TopicSpec(String name, int partitions, String purpose, Map<String, String> config) {
    public TopicSpec {
        config = Collections.unmodifiableMap(new TreeMap<>(config));
    }
}
