package dev.outmail.delivery.smtp;

/// Whether the commands of a transaction go out without waiting for answers (RFC 2920).
enum Pipelining {
    IF_OFFERED,
    /// One command, one answer: for a server that offers what it can't do.
    NEVER
}
