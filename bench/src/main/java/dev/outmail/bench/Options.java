package dev.outmail.bench;

import java.time.Duration;
import java.util.Set;

/// How to run scenarios.
///
/// @param quick a handful of messages, to see that everything runs; the figures mean nothing
/// @param rounds how often each contender runs after its warm-up
/// @param runTime what a run is to take, about
/// @param peers the contenders to take part; empty for all
record Options(boolean quick, int rounds, Duration runTime, Set<String> peers) {
    Options {
        peers = Set.copyOf(peers);
    }

    boolean takesPart(String contender) {
        return peers.isEmpty() || peers.contains(contender);
    }
}
