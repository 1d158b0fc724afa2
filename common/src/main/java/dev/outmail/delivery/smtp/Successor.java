package dev.outmail.delivery.smtp;

import java.util.List;

/// A message whose envelope is said on a connection with the end of another one.
record Successor(Claim claim, SmtpSession session, List<String> firstWords) {

    /// Whether it still waits for that connection. Guarded by the pool's monitor.
    boolean isWaiting() {
        return claim.isPromised(session);
    }

    /// Its envelope leaves next.
    List<String> announce() {
        claim.delivery().beginAhead();
        return firstWords;
    }
}
