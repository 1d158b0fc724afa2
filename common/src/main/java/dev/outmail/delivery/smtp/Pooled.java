package dev.outmail.delivery.smtp;

/// A connection with its history.
///
/// @param leases messages that it carried to their ends
record Pooled(SmtpSession session, long openedNanos, int leases) {
    Pooled usedOnceMore() {
        return new Pooled(session, openedNanos, leases + 1);
    }
}
