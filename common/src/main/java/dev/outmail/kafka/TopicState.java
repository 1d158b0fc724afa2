package dev.outmail.kafka;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A topic as it is, compared with how it should be.
public sealed interface TopicState {

    TopicSpec spec();

    record Missing(TopicSpec spec) implements TopicState {}

    record AsItShouldBe(TopicSpec spec, int partitions) implements TopicState {}

    /// Settings that can be put right.
    ///
    /// @param differences what is and what should be, by name
    record Differs(TopicSpec spec, int partitions, Map<String, Difference> differences)
            implements TopicState {
        public Differs {
            differences = new TreeMap<>(differences);
        }
    }

    /// What can't be put right without a person deciding, such as a partition count.
    record Conflicts(TopicSpec spec, List<String> problems) implements TopicState {}

    record Difference(String is, String shouldBe) {}
}
