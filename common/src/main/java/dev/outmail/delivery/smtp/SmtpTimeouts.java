package dev.outmail.delivery.smtp;

import java.time.Duration;
import java.util.Collections;
import java.util.List;

/// How long a transport waits for what.
///
/// @param lease for one of the server's connections to be free
/// @param connect for the host name and a TCP connection
/// @param read for each answer but the last, from the last byte we said, or the answer before, to
///   the last byte of it
/// @param finalDot for the answer to the final dot (RFC 5321 §4.5.3.2.6 says ten minutes)
/// @param attempt for everything from the lease on, whatever the server does
public record SmtpTimeouts(
        Duration lease, Duration connect, Duration read, Duration finalDot, Duration attempt) {
    public static final SmtpTimeouts DEFAULT =
            new SmtpTimeouts(
                    Duration.ofMinutes(5),
                    Duration.ofSeconds(15),
                    Duration.ofSeconds(60),
                    Duration.ofMinutes(10),
                    Duration.ofMinutes(11));

    public SmtpTimeouts {
        requirePositive("lease", lease);
        requirePositive("connect", connect);
        requirePositive("read", read);
        requirePositive("finalDot", finalDot);
        requirePositive("attempt", attempt);
    }

    /// The same with another time for the final dot, and with the attempt's longer than that.
    public SmtpTimeouts withFinalDot(Duration time) {
        return new SmtpTimeouts(lease, connect, read, time, time.plus(attempt.minus(finalDot)));
    }

    /// Of those that somebody has to look at.
    Duration shortestDeadline() {
        return Collections.min(List.of(lease, read, finalDot, attempt));
    }

    private static void requirePositive(String name, Duration value) {
        if (!value.isPositive()) {
            throw new IllegalArgumentException(
                    "the SMTP timeout '" + name + "' must be above 0, not " + value);
        }
    }
}
