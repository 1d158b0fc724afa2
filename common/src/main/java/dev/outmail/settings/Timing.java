package dev.outmail.settings;

/// When a mail is delivered.
public enum Timing {
    /// In the caller's process, in the same call.
    INSTANTLY,
    /// Through Kafka, by a worker.
    IN_BACKGROUND
}
