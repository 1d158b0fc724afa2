package dev.outmail.delivery.smtp;

import org.jspecify.annotations.Nullable;

/// The turn of a message that waited: one attempt, on this connection, or on one to be opened.
record Turn(Claim claim, Attempt attempt, @Nullable Pooled connection) {}
