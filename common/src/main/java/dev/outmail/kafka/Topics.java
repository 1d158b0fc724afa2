package dev.outmail.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The topics, by name, and how each is set up.
///
/// @param prefix what every name starts with; ends in `.` or `-`
public record Topics(String prefix) {
    public static final String DEFAULT_PREFIX = "outmail.";

    /// Room for the record's key, headers and framing beside an event of the largest size.
    private static final int OVERHEAD_BYTES = 64 * 1024;

    /// Attempts are at most as far apart as retries are; a worker remembers less than this.
    private static final Duration FOREVER = Duration.ofMillis(-1);

    private static final Duration LEDGER_RETENTION = Duration.ofDays(7);

    public Topics {
        if (!prefix.matches("[A-Za-z0-9][A-Za-z0-9.-]{0,98}[.-]")) {
            throw new IllegalArgumentException(
                    "topics.prefix must be letters, digits, '.' and '-', ending in '.' or '-', not '"
                            + prefix
                            + "'");
        }
    }

    public String events() {
        return prefix + "events";
    }

    public String settings() {
        return prefix + "settings";
    }

    public String log() {
        return prefix + "log";
    }

    public String deadLetters() {
        return prefix + "dead-letters";
    }

    public String ledger() {
        return prefix + "ledger";
    }

    public String settingsHistory() {
        return prefix + "settings-history";
    }

    /// Who did what in the console.
    public String audit() {
        return prefix + "audit";
    }

    /// Where records wait for a fixed time.
    public String delay(DelayTier tier) {
        return delays() + tier.written();
    }

    /// What the names of all topics start with where records wait.
    String delays() {
        return prefix + "delay-";
    }

    public String breakers() {
        return prefix + "breakers";
    }

    public String preferences() {
        return prefix + "preferences";
    }

    /// Who is alive, and what they applied.
    public String workers() {
        return prefix + "workers";
    }

    /// The consumer group of the workers, as far as they forward what waited.
    public String delayGroup() {
        return prefix + "delays";
    }

    /// The consumer group of the workers.
    public String workerGroup() {
        return prefix + "workers";
    }

    /// The transactional id of whoever saves settings.
    public String settingsWriter() {
        return prefix + "settings-writer";
    }

    /// All topics.
    List<String> names() {
        return specs(1, 1).stream().map(TopicSpec::name).toList();
    }

    /// The largest record that the events topic takes, for events of the given largest size.
    public static int maxRecordBytes(int maxEventBytes) {
        return maxEventBytes + OVERHEAD_BYTES;
    }

    /// All topics, as they should be.
    ///
    /// @param partitions of events, and of what is partitioned like them
    /// @param maxEventBytes the largest event
    public List<TopicSpec> specs(int partitions, int maxEventBytes) {
        int maxBytes = maxRecordBytes(maxEventBytes);
        var specs = new ArrayList<TopicSpec>(fixed(partitions, maxBytes));
        for (var tier : DelayTier.values()) {
            specs.add(
                    spec(
                            delay(tier),
                            partitions,
                            "events that wait for a retry or their time, " + tier.written(),
                            deleted(Duration.ofDays(14)),
                            maxBytes(maxBytes + OVERHEAD_BYTES)));
        }
        return List.copyOf(specs);
    }

    private List<TopicSpec> fixed(int partitions, int maxBytes) {
        return List.of(
                spec(
                        events(),
                        partitions,
                        "events for background delivery",
                        deleted(Duration.ofDays(14)),
                        maxBytes(maxBytes + OVERHEAD_BYTES)),
                spec(
                        ledger(),
                        partitions,
                        "attempts and final states, by event",
                        forgotten(LEDGER_RETENTION, Duration.ofHours(1))),
                spec(breakers(), 1, "servers that can't work now", compacted()),
                spec(
                        workers(),
                        1,
                        "who is alive, and what they applied",
                        forgotten(Duration.ofMinutes(10), Duration.ofMinutes(5))),
                spec(preferences(), 1, "what recipients chose for themselves", compacted()),
                spec(settings(), 1, "current settings, by profile", compacted()),
                spec(
                        settingsHistory(),
                        1,
                        "every revision of the settings: who, when, why, what changed",
                        deleted(FOREVER)),
                spec(audit(), 1, "who did what in the console", deleted(Duration.ofDays(400))),
                spec(
                        log(),
                        partitions,
                        "the mailing log: one entry per outcome",
                        deleted(Duration.ofDays(30))),
                spec(
                        deadLetters(),
                        partitions,
                        "events that will not be tried again, whole, and why",
                        deleted(Duration.ofDays(90)),
                        maxBytes(maxBytes + OVERHEAD_BYTES)));
    }

    @SafeVarargs
    private static TopicSpec spec(
            String name, int partitions, String purpose, Map<String, String>... configs) {
        var all = new TreeMap<String, String>();
        // A producer's clock that is wrong must not make retention delete unread mail.
        all.put("message.timestamp.type", "LogAppendTime");
        for (var config : configs) {
            all.putAll(config);
        }
        return new TopicSpec(name, partitions, purpose, all);
    }

    private static Map<String, String> deleted(Duration retention) {
        return Map.of(
                "cleanup.policy",
                "delete",
                "retention.ms",
                Long.toString(retention.toMillis()),
                "retention.bytes",
                "-1");
    }

    /// Compacted, and gone after a time.
    private static Map<String, String> forgotten(Duration retention, Duration segment) {
        var config = new TreeMap<>(compacted());
        config.putAll(deleted(retention));
        config.put("cleanup.policy", "compact,delete");
        config.put("segment.ms", Long.toString(segment.toMillis()));
        return config;
    }

    private static Map<String, String> maxBytes(int bytes) {
        return Map.of("max.message.bytes", Integer.toString(bytes));
    }

    private static Map<String, String> compacted() {
        return Map.of(
                "cleanup.policy",
                "compact",
                "max.compaction.lag.ms",
                Long.toString(Duration.ofHours(1).toMillis()),
                "segment.ms",
                Long.toString(Duration.ofDays(1).toMillis()),
                "min.cleanable.dirty.ratio",
                "0.1");
    }
}
