package dev.outmail.delivery.smtp;

import dev.outmail.delivery.smtp.ConnectionPool.Pooled;
import dev.outmail.delivery.smtp.ConnectionPool.Successor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One of the pool's connections in the hands of one attempt. Closing it closes the connection
/// unless it was said to be in order. Used by the attempt's thread.
final class Lease implements AutoCloseable {
    private final ConnectionPool pool;
    private final Attempt attempt;
    private @Nullable Pooled connection;
    private @Nullable Successor successor;
    private @Nullable Closure closure;
    private boolean promised;
    private boolean inOrder;

    private Lease(ConnectionPool pool, Attempt attempt) {
        this.pool = pool;
        this.attempt = attempt;
    }

    /// Takes over a connection that others used before.
    static Lease of(ConnectionPool pool, Attempt attempt, Pooled connection) {
        Lease lease = new Lease(pool, attempt);
        lease.connection = connection;
        lease.promised = connection.session().isAhead();
        attempt.guard(connection.session().wire());
        return lease;
    }

    /// Opens a connection.
    static Lease opening(ConnectionPool pool, Attempt attempt) throws SmtpTrouble {
        Lease lease = new Lease(pool, attempt);
        try {
            lease.open();
            return lease;
        } catch (SmtpTrouble | RuntimeException e) {
            lease.close();
            throw e;
        }
    }

    private void open() throws SmtpTrouble {
        connection = pool.open(attempt);
        attempt.guard(connection.session().wire());
    }

    /// Instead of the connection in hand, which is closed, a new one.
    void renew() throws SmtpTrouble {
        if (promised) {
            pool.disappointed(current());
            promised = false;
        }
        discard();
        open();
    }

    SmtpSession session() {
        return current().session();
    }

    /// Whether others used it before, so that the server may have closed it since.
    boolean isReused() {
        return current().leases() > 0;
    }

    /// What the next message begins with, if its envelope may be said with the end of this one; its
    /// turn on this connection is next.
    List<String> firstWordsOfSuccessor() {
        successor = pool.promise(current());
        return successor == null ? List.of() : successor.firstWords();
    }

    /// The server and we agree that nothing is under way but what the successor began with.
    void keep() {
        inOrder = true;
    }

    /// Leaves it as it was.
    void decline() {
        inOrder = !promised;
        close();
    }

    @Override
    public void close() {
        if (inOrder && connection != null) {
            pool.giveBack(attempt, connection, successor);
        } else {
            discard();
            pool.end(attempt, closure, successor);
        }
    }

    private void discard() {
        if (connection != null) {
            GuardedSocket wire = connection.session().wire();
            closure = wire.closedBecause() == null ? Closure.BROKEN : Closure.OVERDUE;
            wire.closeQuietly();
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
