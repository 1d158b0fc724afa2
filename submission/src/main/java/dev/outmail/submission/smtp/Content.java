package dev.outmail.submission.smtp;

/// What a client sent as a message, up to CRLF, a dot and CRLF.
sealed interface Content {
    /// As it was before dots were stuffed into it; all its lines end with CRLF.
    @SuppressWarnings("ArrayRecordComponent") // handed over, not compared
    record Whole(byte[] message) implements Content {}

    /// It ended, but is more than a message may be.
    record TooLarge() implements Content {}

    /// It ended, but there was no memory for it.
    record NoRoom() implements Content {}

    /// It ended as it should, and has a CR or LF in it that is not part of a CRLF.
    record BareLineEnds() implements Content {}

    /// A line of a dot alone that has other line ends than CRLF around it. The next server may take
    /// it for the end, and what follows for commands (SMTP smuggling); this client may, too.
    record FalseEnd() implements Content {}

    /// It goes on and on.
    record Endless() implements Content {}

    /// The client has gone before the end.
    record Gone() implements Content {}
}
