package dev.outmail.wire;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// How an attempt ended, as the log names it.
public enum OutcomeName {
    SENT,
    SILENCED,
    DROPPED,
    DEFERRED,
    IN_DOUBT,
    HELD,
    REJECTED,
    EXPIRED,
    MALFORMED,
    DUPLICATE;

    private final String wireName = name().toLowerCase(Locale.ROOT).replace('_', '-');

    public String wireName() {
        return wireName;
    }

    /// The outcome of that name.
    static Optional<OutcomeName> of(String wireName) {
        return Stream.of(values()).filter(name -> name.wireName.equals(wireName)).findFirst();
    }
}
