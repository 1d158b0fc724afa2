package dev.outmail.deadletters;

/// What came of an action on one letter.
public sealed interface Result {
    /// It is done and written down.
    record Done(Resolution.Kind kind) implements Result {}

    /// Nothing was done, as somebody did something before.
    record Settled(Resolution before) implements Result {}

    /// It can't be done.
    record Refused(String why) implements Result {}

    /// Kafka did not take it. It may be done again: what was published already is a duplicate then.
    record Failed(String why) implements Result {}
}
