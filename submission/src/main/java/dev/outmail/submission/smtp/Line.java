package dev.outmail.submission.smtp;

/// What a client said up to the end of a line.
sealed interface Line {
    /// Without the CRLF at its end.
    record Text(String text) implements Line {}

    /// More than may be; the rest of it was passed over.
    record TooLong() implements Line {}

    /// With a CR or LF that is not part of a CRLF, a NUL, another control character, or what is no
    /// UTF-8. What a client means by it, and where it thinks that the line ends, can't be known.
    record Garbled() implements Line {}

    /// The client has gone.
    record Gone() implements Line {}
}
