package dev.outmail.delivery.smtp;

import dev.outmail.delivery.TransportResult;
import dev.outmail.delivery.smtp.SlowDomains.Share;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The connections to one server: so many at a time, the last one used first, for the messages that
/// wait in their order. While there are any, each connection is worked by a thread of its own, a
/// [Shift], and closed in the end unless it was said to be in order.
///
/// Where a server takes commands ahead of time (RFC 2920), a connection about to carry a message to
/// its end is promised to the first that waits, whose envelope goes along with that end. A promise
/// is kept, unless the connection breaks or takes long.
///
/// Everything is guarded by this object's monitor, in which nobody waits for a socket.
final class ConnectionPool implements AutoCloseable {
    private static final Duration LONGEST_PROMISE = Duration.ofSeconds(5);

    /// What a pooled connection may live through.
    ///
    /// @param leases how often one may be used
    record Limits(int connections, Duration idle, Duration age, int leases) {
        static Limits of(int connections) {
            return new Limits(connections, Duration.ofSeconds(20), Duration.ofMinutes(5), 1_000);
        }
    }

    private final String server;
    private final Connector connector;
    private final SmtpClient client;
    private final Slots slots;
    private final WaitingLine waiting = new WaitingLine();
    private final Upkeep upkeep;
    private final Turns turns;
    private boolean closed;

    ConnectionPool(String server, Connector connector, Limits limits, SmtpClient client) {
        this.server = server;
        this.connector = connector;
        this.client = client;
        this.upkeep = new Upkeep(limits);
        this.turns = new Turns(client.timeouts().attempt());
        this.slots = new Slots(limits.connections());
    }

    // waiting

    /// Carries a message, and waits until that ended.
    TransportResult carry(Delivery delivery) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted before sending to " + server);
        }
        Claim claim = new Claim(delivery, now());
        quit(enter(claim));
        try {
            return claim.await(() -> breakOff(claim));
        } finally {
            delivery.giveUp();
        }
    }

    /// Returns connections that are no good for it any more, to be closed.
    private synchronized List<Pooled> enter(Claim claim) {
        if (closed) {
            sendAway(claim);
            return List.of();
        }
        List<Pooled> stale = upkeep.takeStale(now());
        waiting.join(claim);
        serveWhoWaits();
        return stale;
    }

    /// The connection that it had was no good, and a new one was not to be had at once.
    synchronized void waitAgain(Claim claim) {
        if (closed) {
            sendAway(claim);
        } else if (claim.isGivenUp()) {
            claim.end(claim.delivery().result(SmtpTrouble.unwanted()));
        } else {
            waiting.rejoin(claim);
            dismissWhoHopes();
            serveWhoWaits();
        }
    }

    private void breakOff(Claim claim) {
        Attempt underWay;
        synchronized (this) {
            claim.giveUp();
            if (waiting.leave(claim)) {
                claim.end(claim.delivery().result(SmtpTrouble.unwanted()));
            }
            underWay = claim.attempt();
        }
        if (underWay != null) {
            underWay.breakOff();
        }
    }

    /// Gives connections to those that wait, as far as there are any, or may be opened.
    private void serveWhoWaits() {
        while (!upkeep.hasIdle() ? slots.mayOpen(now()) : slots.isFree()) {
            Claim next = waiting.takeFirst(this::share);
            if (next == null) {
                return;
            }
            Pooled connection = upkeep.takeIdle();
            slots.take(connection == null);
            client.threads()
                    .newThread(new Shift(this, turns.begin(next, connection, now())))
                    .start();
        }
    }

    /// Where no connection is left, and none could be opened, nobody need wait.
    private void dismissWhoHopes() {
        SmtpTrouble trouble = slots.hopeless(now());
        if (trouble != null && !upkeep.hasIdle()) {
            endAll(waiting.takeAll(), trouble.echo());
        }
    }

    /// Where it is closed: no trouble of the server, which others may go on to use by other
    /// settings.
    private void sendAway(Claim claim) {
        claim.end(claim.delivery().busy("the transport to " + server + " was closed"));
    }

    private static void endAll(List<Claim> claims, SmtpTrouble trouble) {
        for (Claim claim : claims) {
            claim.end(claim.delivery().result(trouble));
        }
    }

    private Share share(Claim claim) {
        return share(claim, null);
    }

    /// @param before the turn that ends with it, or null
    private Share share(Claim claim, @Nullable Turn before) {
        return turns.share(claim, slots.size(), before, now());
    }

    private void tellWhoWaitedTooLong() {
        for (Claim claim : waiting.takeWaitingSince(now() - client.timeouts().lease().toNanos())) {
            claim.end(
                    claim.delivery()
                            .busy(
                                    "no free connection to %s within %s: %s"
                                            .formatted(
                                                    server, client.timeouts().lease(), state())));
        }
    }

    synchronized PoolState state() {
        return new PoolState(
                slots.taken(), upkeep.idle(), waiting.size(), slots.size(), upkeep.closures());
    }

    // openings

    /// Opens a connection, for which there is a slot.
    Pooled open(Turn turn) throws SmtpTrouble {
        Attempt attempt = turn.attempt();
        try {
            Pooled connection = new Pooled(connector.connect(attempt), now(), 0);
            opened(turn);
            return connection;
        } catch (SmtpTrouble trouble) {
            notOpened(attempt.isBrokenOff() ? null : trouble);
            throw trouble;
        } catch (RuntimeException | Error e) {
            notOpened(null);
            throw e;
        }
    }

    private synchronized void opened(Turn turn) {
        slots.opened();
        turns.opened(turn, now());
        serveWhoWaits();
    }

    private synchronized void notOpened(@Nullable SmtpTrouble trouble) {
        slots.notOpened(trouble, now());
    }

    /// Whether a connection may be opened in place of one that broke; if so, it is to be opened.
    synchronized boolean mayReplace(Turn turn) {
        slots.broke();
        boolean may = slots.mayReplace(now());
        if (may) {
            replace(turn);
        }
        return may;
    }

    /// A connection is to be opened in place of one that is closed.
    synchronized void replace(Turn turn) {
        slots.replace();
        turns.opening(turn);
    }

    // promises

    /// Promises a connection to the first that waits, if that is safe.
    ///
    /// @param before the turn that ends before
    synchronized @Nullable Successor promise(Pooled connection, Turn before) {
        if (slots.isSurplus() || !upkeep.mayBeginAhead(connection, now())) {
            return null;
        }
        Claim next = waiting.first(claim -> share(claim, before));
        if (next == null) {
            return null;
        }
        SmtpSession session = connection.session();
        List<String> firstWords = next.delivery().firstWords(session);
        if (firstWords.isEmpty()) {
            return null;
        }
        waiting.promise(next, session, now());
        return new Successor(next, session, firstWords);
    }

    /// Notes that a connection was no good to the message that it had been promised to.
    synchronized void disappointed(Pooled connection) {
        upkeep.disappointed(connection, now());
    }

    private synchronized void tidyLine() {
        tellWhoWaitedTooLong();
        waiting.breakPromisesSince(now() - LONGEST_PROMISE.toNanos());
        serveWhoWaits();
    }

    // ends

    /// Ends an attempt whose connection is in order. Returns whose turn is next on it, if
    /// anybody's.
    ///
    /// @param successor whom the connection was promised to, or null for nobody
    @Nullable Turn giveBack(Turn turn, Pooled connection, @Nullable Successor successor) {
        Pooled used = connection.usedOnceMore();
        Closure closure;
        synchronized (this) {
            slots.worked();
            closure = whyNotKept(used, successor);
            if (closure == null) {
                return passOn(turn, used, successor);
            }
            release(turn, true, closure, successor);
        }
        used.session().leave();
        return null;
    }

    private @Nullable Turn passOn(Turn turn, Pooled used, @Nullable Successor successor) {
        turns.end(turn, true, now());
        Claim next = whoIsNext(used.session(), successor);
        if (next != null) {
            return turns.begin(next, used, now());
        }
        slots.release();
        upkeep.keep(used, now());
        return null;
    }

    private @Nullable Claim whoIsNext(SmtpSession session, @Nullable Successor successor) {
        if (successor != null && successor.isWaiting()) {
            if (session.isAhead()) {
                waiting.takePromised(successor.claim());
                return successor.claim();
            }
            waiting.backInLine(successor.claim());
        }
        return waiting.takeFirst(this::share);
    }

    private @Nullable Closure whyNotKept(Pooled used, @Nullable Successor successor) {
        if (closed) {
            return Closure.SHUTDOWN;
        }
        if (used.session().wire().isClosed()) {
            return Closure.BROKEN;
        }
        if (slots.isSurplus()) {
            return Closure.SURPLUS;
        }
        if (used.session().isAhead()) {
            return successor != null && successor.isWaiting() ? null : Closure.JILTED;
        }
        return upkeep.wear(used, now());
    }

    /// Ends an attempt whose connection is gone.
    ///
    /// @param closure null where there was none
    synchronized void end(Turn turn, @Nullable Closure closure, @Nullable Successor successor) {
        if (closure != null) {
            slots.broke();
        }
        release(turn, false, closure, successor);
    }

    private void release(
            Turn turn, boolean carried, @Nullable Closure closure, @Nullable Successor successor) {
        turns.end(turn, carried, now());
        if (closure != null) {
            upkeep.closed(closure);
        }
        if (successor != null && successor.isWaiting()) {
            waiting.backInLine(successor.claim());
        }
        slots.release();
        dismissWhoHopes();
        serveWhoWaits();
    }

    // house-keeping

    /// Stops what is overdue and closes what was idle too long; called now and then.
    void tidy() {
        attempts().forEach(attempt -> attempt.check(now()));
        tidyLine();
        closeStale();
    }

    private synchronized List<Attempt> attempts() {
        return turns.attempts();
    }

    private void closeStale() {
        List<Pooled> stale;
        synchronized (this) {
            stale = upkeep.takeStale(now());
        }
        quit(stale);
    }

    private static void quit(List<Pooled> connections) {
        connections.forEach(connection -> connection.session().quit());
    }

    private long now() {
        return client.nanoTicker().getAsLong();
    }

    /// From now on so many connections; those too many are closed when they come back.
    void resize(int connections) {
        List<Pooled> surplus;
        synchronized (this) {
            slots.resize(connections);
            surplus = upkeep.takeAllBut(connections - slots.taken(), Closure.SURPLUS);
            serveWhoWaits();
        }
        quit(surplus);
    }

    /// Whether it is closed and nothing runs any more.
    synchronized boolean isDrained() {
        return closed && slots.taken() == 0;
    }

    /// Idle connections are closed now, those at work when they come back; who waits is refused.
    @Override
    public void close() {
        List<Pooled> all;
        synchronized (this) {
            closed = true;
            all = upkeep.takeAllBut(0, Closure.SHUTDOWN);
            waiting.takeAll().forEach(this::sendAway);
        }
        quit(all);
    }
}
