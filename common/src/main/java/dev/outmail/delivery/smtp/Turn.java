package dev.outmail.delivery.smtp;

import org.jspecify.annotations.Nullable;

/// The turn of a message that waited: one attempt, on this connection, or on one to be opened.
///
/// @param hold what its recipients' domains are told to hold meanwhile
record Turn(Claim claim, Attempt attempt, SlowDomains.Hold hold, @Nullable Pooled connection) {}
