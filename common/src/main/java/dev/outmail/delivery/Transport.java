package dev.outmail.delivery;

/// A means of handing one message on. Used by many threads at once.
public interface Transport extends AutoCloseable {

    /// Makes one attempt, blocking until it ended; never longer than the transport's own attempt
    /// deadline. Expected trouble is a result, never an exception.
    TransportResult deliver(Outbound message) throws InterruptedException;

    /// Lets attempts under way end and frees what is idle; an attempt that starts after is server
    /// trouble.
    @Override
    void close();
}
