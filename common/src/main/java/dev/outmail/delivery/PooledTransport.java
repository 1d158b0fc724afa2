package dev.outmail.delivery;

import dev.outmail.delivery.smtp.PoolState;

/// A transport over a number of connections.
public interface PooledTransport extends Transport {

    /// From now on so many at most; those too many are closed when they are free.
    void resize(int maxConnections);

    /// The connections now.
    PoolState connections();
}
