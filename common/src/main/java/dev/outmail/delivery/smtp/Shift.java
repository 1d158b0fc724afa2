package dev.outmail.delivery.smtp;

import dev.outmail.delivery.TransportResult;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One connection at work: its thread carries one message after another, for as long as any waits.
/// So what a message's end and the next one's beginning need is done where it is known, without
/// waking anybody in between; who waits for a result is told while the server works.
final class Shift implements Runnable {
    private final ConnectionPool pool;
    private final Turn first;
    private final Runnable meanwhile = this::tellNews;
    private @Nullable Runnable news;

    Shift(ConnectionPool pool, Turn first) {
        this.pool = pool;
        this.first = first;
    }

    @Override
    public void run() {
        Turn turn = first;
        while (turn != null) {
            turn = take(turn);
        }
        tellNews();
    }

    /// Returns whose turn is next on this connection.
    private @Nullable Turn take(Turn turn) {
        Claim claim = turn.claim();
        Lease lease = new Lease(pool, turn, meanwhile);
        try {
            turn.attempt().begin();
            Optional<TransportResult> result = claim.delivery().run(lease);
            Turn next = lease.end();
            tellNews();
            result.ifPresentOrElse(how -> news = () -> claim.end(how), () -> pool.waitAgain(claim));
            return next;
        } catch (RuntimeException | Error e) {
            lease.discard();
            claim.fail(e);
            return lease.end();
        }
    }

    /// Nothing else is to be done here while the server works.
    private void tellNews() {
        Runnable untold = news;
        news = null;
        if (untold != null) {
            untold.run();
        }
    }
}
