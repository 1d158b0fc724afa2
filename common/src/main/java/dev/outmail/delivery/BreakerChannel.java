package dev.outmail.delivery;

import java.time.Instant;

/// Carries what breakers tell each other, to all of them in the same order. Where it can't, each
/// goes by what it sees itself.
public interface BreakerChannel {

    /// Passes a signal on, to its sender too; never waits for that.
    ///
    /// @param server as [ServerKey] names it
    void tell(String server, BreakerSignal signal);

    /// What time it is for who stamps the signals.
    Instant now();

    /// Whether others may use the same servers. Then the first attempt at one that nobody knows is
    /// made by one alone.
    boolean isShared();

    /// Calls the listener, one signal after the other, with what is said from now on and with what
    /// of earlier is still known.
    void listen(Listener listener);

    /// Whom signals are for; called by one thread at a time.
    interface Listener {
        /// A signal is here, of this process or of another.
        ///
        /// @param at when it was said
        void heard(String server, BreakerSignal signal, Instant at);

        /// A signal of this process could not be carried.
        void lost(String server, BreakerSignal signal);
    }
}
