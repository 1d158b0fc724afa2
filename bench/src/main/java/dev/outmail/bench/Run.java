package dev.outmail.bench;

import java.util.Locale;

/// What one run of one contender took.
///
/// @param cpuNanos CPU time of the client's process alone
record Run(int messages, long wallNanos, long cpuNanos) {
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
