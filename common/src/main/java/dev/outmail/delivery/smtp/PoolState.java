package dev.outmail.delivery.smtp;

import java.util.Map;

/// A server's connections at one moment.
///
/// @param active connections in use, or being opened
/// @param waiting messages without a connection
/// @param size the most connections there may be
/// @param closures how many connections were closed so far, by reason
public record PoolState(
        int active, int idle, int waiting, int size, Map<Closure, Integer> closures) {
    public PoolState {
        closures = Map.copyOf(closures);
    }

    @Override
    public String toString() {
        return "%d active, %d idle, %d waiting, %d at most; closed so far: %s"
                .formatted(active, idle, waiting, size, closures.isEmpty() ? "none" : closures);
    }
}
