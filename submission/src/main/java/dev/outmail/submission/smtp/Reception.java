package dev.outmail.submission.smtp;

import dev.outmail.config.Deployment.SmtpIn;
import dev.outmail.mail.EventLimits;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.LongSupplier;

/// What all conversations share.
///
/// @param host the name that this server gives itself
/// @param limits of what is published
record Reception(
        SmtpIn options,
        String host,
        EventLimits limits,
        Destination destination,
        Optional<ServerIdentity> identity,
        Optional<Users> users,
        Clients clients,
        MemoryBudget memory,
        SmtpInMeters meters,
        Time time) {

    /// @param nanoTime for intervals
    record Time(InstantSource clock, LongSupplier nanoTime) {
        static final Time SYSTEM = new Time(InstantSource.system(), System::nanoTime);
    }

    /// How large a message may be: even where it is published as base64 it is no more than an event
    /// may be.
    int maxMessageBytes() {
        return limits.maxBytes() / 4 * 3;
    }
}
