package dev.outmail.bench;

import java.util.Locale;

/// What one run of one contender took.
///
/// @param cpuNanos CPU time of the client's process alone
/// @param compilingNanos for how long its compiler was at work; 0 where there is none
record Run(int messages, long wallNanos, long cpuNanos, long compilingNanos) {
    private static final double LITTLE = 0.1;

    /// Whether the client is what it will be from now on.
    boolean isWarm() {
        return compilingNanos < LITTLE * wallNanos;
    }

    double messagesPerSecond() {
        return messages * 1e9 / wallNanos;
    }

    double cpuSecondsPer10000() {
        return cpuNanos / 1e9 * 10_000 / messages;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%,.0f/s (%,d messages)", messagesPerSecond(), messages);
    }
}
