package dev.outmail.fleet;

import java.time.Instant;

/// A member as it described itself last.
///
/// @param at when, by the brokers' clock
public record Sighting(Member member, Instant at) {
    /// Whether it was silent for too long.
    boolean isGone(Instant now) {
        return at.plus(member.silence()).isBefore(now);
    }
}
