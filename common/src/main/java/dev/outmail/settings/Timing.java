package dev.outmail.settings;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// When a mail is delivered.
public enum Timing {
    /// In the caller's process, in the same call.
    INSTANTLY,
    /// Through Kafka, by a worker.
    IN_BACKGROUND;

    private final String wireName = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /// As the settings and preferences say it: `instantly`, `in-background`.
    public String wireName() {
        return wireName;
    }

    /// The timing of that name.
    public static Optional<Timing> of(String wireName) {
        return Stream.of(values()).filter(timing -> timing.wireName.equals(wireName)).findFirst();
    }
}
