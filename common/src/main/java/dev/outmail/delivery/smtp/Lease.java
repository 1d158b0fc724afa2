package dev.outmail.delivery.smtp;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One of the pool's connections in the hands of one attempt, from when it is asked for. It is
/// closed in the end unless it was said to be in order. Used by the connection's thread.
final class Lease {
    private final ConnectionPool pool;
    private final Turn turn;
    private final Runnable meanwhile;
    private boolean promised;
    private @Nullable Pooled connection;
    private @Nullable Successor successor;
    private @Nullable Closure closure;
    private boolean inOrder;

    /// @param meanwhile what is to be done when nothing is left but to wait for the server
    Lease(ConnectionPool pool, Turn turn, Runnable meanwhile) {
        this.pool = pool;
        this.turn = turn;
        this.meanwhile = meanwhile;
        this.connection = turn.connection();
        this.promised = connection != null && connection.session().isAhead();
        if (connection != null) {
            use(connection);
        }
    }

    /// Sees to it that there is a connection.
    void open() throws SmtpTrouble {
        if (connection == null) {
            meanwhile.run();
            use(pool.open(turn));
        }
    }

    private void use(Pooled current) {
        connection = current;
        turn.attempt().guard(current.session().wire());
        current.session().meanwhile(meanwhile);
    }

    /// Instead of the connection in hand, which is closed, a new one; or none, where the server is
    /// to be left alone for now.
    boolean renewIfAllowed() throws SmtpTrouble {
        abandon();
        if (!pool.mayReplace(turn)) {
            return false;
        }
        open();
        return true;
    }

    /// Instead of the connection in hand, which is closed, a new one, from a server that answers.
    void renew() throws SmtpTrouble {
        abandon();
        pool.replace(turn);
        open();
    }

    private void abandon() {
        if (promised) {
            pool.disappointed(current());
            promised = false;
        }
        discard();
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
        successor = pool.promise(current(), turn);
        return successor == null ? List.of() : successor.announce();
    }

    /// The server and we agree that nothing is under way but what the successor began with.
    void keep() {
        inOrder = true;
    }

    /// The attempt is over. Returns whose turn is next on this connection, if anybody's.
    @Nullable Turn end() {
        turn.attempt().finish();
        if (inOrder && connection != null) {
            return pool.giveBack(turn, connection, successor);
        }
        discard();
        pool.end(turn, closure, successor);
        return null;
    }

    void discard() {
        inOrder = false;
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
