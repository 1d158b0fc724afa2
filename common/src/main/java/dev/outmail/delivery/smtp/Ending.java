package dev.outmail.delivery.smtp;

import dev.outmail.delivery.TransportResult.Kind;

/// How a transaction ended.
sealed interface Ending {

    /// The verdicts are in; the connection is in order.
    record Clean() implements Ending {}

    /// The verdicts are in; nobody knows where the connection stands.
    record Unclean() implements Ending {}

    /// Nothing was delivered, for no reason of the message's.
    ///
    /// @param stale whether the connection may have been dead before it was used
    record Failed(Kind kind, Ruling ruling, String detail, boolean stale) implements Ending {}

    /// Nothing was delivered: there was no leave for the final dot.
    record Withheld(String detail) implements Ending {}

    /// Nothing was delivered: the two sides don't mean the same command any more.
    record OutOfStep(String detail) implements Ending {}
}
