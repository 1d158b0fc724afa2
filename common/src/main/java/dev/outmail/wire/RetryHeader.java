package dev.outmail.wire;

/// What a record's retry header turned out to be. Whoever may write to the events topic may write
/// one: it is held to its rules, and an event whose header is no good is an event without one.
public sealed interface RetryHeader {

    /// All values are within their limits.
    record Present(RetryState state) implements RetryHeader {}

    /// There is no header: this is the first attempt.
    record None() implements RetryHeader {}

    /// The header says nothing that can be used.
    ///
    /// @param problem what is wrong with it, for the worker's own log
    record Invalid(String problem) implements RetryHeader {}
}
