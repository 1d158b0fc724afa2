package dev.outmail.worker.ledger;

/// An event's identity as memory has it: the first 128 bits of its SHA-256. Identities come from
/// applications; nobody can make two that are taken for one, which would lose a mail.
record IdentityHash(long high, long low) {}
