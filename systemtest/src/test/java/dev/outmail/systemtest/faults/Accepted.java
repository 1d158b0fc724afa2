package dev.outmail.systemtest.faults;

import java.time.Instant;
import java.util.Set;

/// An event that the publisher was told is safe.
///
/// @param recipients bare addresses
/// @param body SHA-256 of the body as it must arrive
record Accepted(
        String id, Set<String> recipients, String body, Instant at, int partition, long offset) {}
