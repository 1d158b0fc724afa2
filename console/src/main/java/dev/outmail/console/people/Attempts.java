package dev.outmail.console.people;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/// Failed logins of late, by names or by addresses: too many, and nobody there is believed for a
/// while. For many threads.
final class Attempts {
    private static final int MOST_KEYS = 10_000;
    private static final Duration WHILE = Duration.ofMinutes(5);

    private final Map<String, ArrayDeque<Instant>> failures = new HashMap<>();
    private final int many;
    private final InstantSource clock;

    Attempts(int many, InstantSource clock) {
        this.many = many;
        this.clock = clock;
    }

    synchronized boolean areTooMany(String key) {
        var known = failures.get(key);
        if (known == null) {
            return false;
        }
        forget(known);
        return known.size() >= many;
    }

    synchronized void failed(String key) {
        if (failures.size() >= MOST_KEYS) {
            failures.values().forEach(this::forget);
            failures.values().removeIf(ArrayDeque::isEmpty);
        }
        failures.computeIfAbsent(key, none -> new ArrayDeque<>()).add(clock.instant());
    }

    synchronized void succeeded(String key) {
        failures.remove(key);
    }

    private void forget(ArrayDeque<Instant> known) {
        var since = clock.instant().minus(WHILE);
        while (!known.isEmpty() && known.getFirst().isBefore(since)) {
            known.removeFirst();
        }
    }
}
