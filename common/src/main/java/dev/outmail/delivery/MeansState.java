package dev.outmail.delivery;

import dev.outmail.delivery.smtp.PoolState;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A means of delivery at one moment, as metrics and health tell it.
///
/// @param name of a server as [ServerKey] names it, or what else it is
/// @param breaker whether messages are let through to it
/// @param trouble why it is left alone, if it is
/// @param waiting messages that wait for room or for a connection
/// @param connections null where it has none
public record MeansState(
        String name,
        Condition breaker,
        @Nullable Reason trouble,
        int waiting,
        @Nullable PoolState connections) {

    /// What a breaker knows. The wire name is the constant's, in lower case.
    public enum Condition {
        /// Nobody said anything of the server yet.
        UNKNOWN,
        /// It works.
        CLOSED,
        /// It can't work and is left alone.
        OPEN,
        /// One message finds out.
        PROBING;

        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
