package dev.outmail.delivery.smtp;

import dev.outmail.delivery.smtp.ConnectionPool.Pooled;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One of the pool's connections in the hands of one attempt. Closing it closes the connection
/// unless it was said to be in order. Used by the attempt's thread.
final class Lease implements AutoCloseable {
    private final ConnectionPool pool;
    private final Attempt attempt;
    private @Nullable Pooled connection;
    private boolean inOrder;

    Lease(ConnectionPool pool, Attempt attempt) {
        this.pool = pool;
        this.attempt = attempt;
    }

    void start() throws SmtpTrouble {
        Optional<Pooled> used = pool.takeIdle();
        connection = used.isPresent() ? used.get() : pool.open(attempt);
        attempt.guard(connection.session().wire());
    }

    /// Instead of the connection in hand, which is closed, a new one.
    void renew() throws SmtpTrouble {
        discard();
        connection = pool.open(attempt);
    }

    SmtpSession session() {
        return current().session();
    }

    /// Whether others used it before, so that the server may have closed it since.
    boolean isReused() {
        return current().leases() > 0;
    }

    /// The server and we agree that nothing is under way.
    void keep() {
        inOrder = true;
    }

    @Override
    public void close() {
        if (inOrder && connection != null) {
            pool.giveBack(attempt, connection);
        } else {
            discard();
            pool.end(attempt);
        }
    }

    private void discard() {
        if (connection != null) {
            connection.session().wire().closeQuietly();
            connection = null;
        }
    }

    private Pooled current() {
        if (connection == null) {
            throw new IllegalStateException("no connection in hand");
        }
        return connection;
    }
}
