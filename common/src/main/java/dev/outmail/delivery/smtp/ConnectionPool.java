package dev.outmail.delivery.smtp;

import dev.outmail.delivery.Reason;
import dev.outmail.delivery.TransportResult;
import dev.outmail.delivery.TransportResult.Kind;
import dev.outmail.delivery.smtp.SlowDomains.Share;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
    private final Limits limits;
    private final SmtpClient client;
    private final Slots slots;
    private final SlowDomains domains = new SlowDomains();
    private final Caution caution = new Caution();
    private final WaitingLine waiting = new WaitingLine();
    private final IdleConnections idle = new IdleConnections();
    private final Set<Attempt> attempts = new HashSet<>();
    private final Map<Closure, Integer> closures = new EnumMap<>(Closure.class);
    private boolean closed;

    ConnectionPool(String server, Connector connector, Limits limits, SmtpClient client) {
        this.server = server;
        this.connector = connector;
        this.limits = limits;
        this.client = client;
        this.slots = new Slots(limits.connections());
    }

    // waiting

    /// Carries a message, and waits until that ended.
    TransportResult carry(Delivery delivery) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted before sending to " + server);
        }
        closeStale();
        Claim claim = new Claim(delivery, now());
        enter(claim);
        try {
            return claim.await(() -> breakOff(claim));
        } finally {
            delivery.giveUp();
        }
    }

    private synchronized void enter(Claim claim) {
        if (closed) {
            claim.end(claim.delivery().result(shutDown()));
        } else {
            waiting.join(claim);
            serveWhoWaits();
        }
    }

    /// The connection that it had was no good, and a new one was not to be had at once.
    synchronized void waitAgain(Claim claim) {
        if (closed) {
            claim.end(claim.delivery().result(shutDown()));
        } else if (claim.isGivenUp()) {
            claim.end(claim.delivery().result(unwanted()));
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
                claim.end(claim.delivery().result(unwanted()));
            }
            underWay = claim.attempt();
        }
        if (underWay != null) {
            underWay.breakOff();
        }
    }

    /// Gives connections to those that wait, as far as there are any, or may be opened.
    private void serveWhoWaits() {
        while (idle.size() == 0 ? slots.mayOpen(now()) : slots.isFree()) {
            Claim next = waiting.takeFirst(this::share);
            if (next == null) {
                return;
            }
            Pooled connection = idle.takeLast();
            slots.take(connection == null);
            client.threads().newThread(new Shift(this, turn(next, connection))).start();
        }
    }

    /// Where no connection is left, and none could be opened, nobody need wait.
    private void dismissWhoHopes() {
        SmtpTrouble trouble = slots.hopeless(now());
        if (trouble != null && idle.size() == 0) {
            endAll(waiting.takeAll(), trouble.echo());
        }
    }

    private static void endAll(List<Claim> claims, SmtpTrouble trouble) {
        for (Claim claim : claims) {
            claim.end(claim.delivery().result(trouble));
        }
    }

    private Turn turn(Claim claim, @Nullable Pooled connection) {
        Attempt attempt =
                new Attempt(
                        now() + client.timeouts().attempt().toNanos(),
                        "the attempt took more than " + client.timeouts().attempt());
        attempts.add(attempt);
        claim.begin(attempt);
        SlowDomains.Hold hold = domains.begin(claim.domains());
        if (connection != null) {
            domains.opened(hold, now());
        }
        return new Turn(claim, attempt, hold, connection);
    }

    private Share share(Claim claim) {
        return share(claim, null);
    }

    /// @param given the hold that would end with it, or null
    private Share share(Claim claim, SlowDomains.@Nullable Hold given) {
        return domains.share(claim.domains(), slots.size(), given, now());
    }

    private SmtpTrouble shutDown() {
        return new SmtpTrouble(
                Kind.SERVER, Reason.UNAVAILABLE, "the transport to " + server + " was closed");
    }

    private static SmtpTrouble unwanted() {
        return new SmtpTrouble(
                Kind.SERVER, Reason.CONNECTION_LOST, "interrupted while waiting for a connection");
    }

    private void tellWhoWaitedTooLong() {
        for (Claim claim :
                waiting.takeWaitingSince(now() - client.timeouts().lease().toNanos())) {
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
                slots.taken(), idle.size(), waiting.size(), slots.size(), closures);
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
        domains.opened(turn.hold(), now());
        serveWhoWaits();
    }

    private synchronized void notOpened(@Nullable SmtpTrouble trouble) {
        slots.notOpened(trouble, now());
    }

    /// Whether a connection may be opened in place of one that broke.
    synchronized boolean mayReplace() {
        slots.broke();
        return slots.mayReplace(now());
    }

    synchronized void replace(Turn turn) {
        slots.replace();
        domains.opening(turn.hold());
    }

    // promises

    /// A message whose envelope is said on a connection with the end of another one.
    record Successor(Claim claim, SmtpSession session, List<String> firstWords) {
        private boolean isWaiting() {
            return claim.isPromised(session);
        }

        /// Its envelope leaves next.
        List<String> announce() {
            claim.delivery().beginAhead();
            return firstWords;
        }
    }

    /// Promises a connection to the first that waits, if that is safe.
    ///
    /// @param given the hold that ends before
    synchronized @Nullable Successor promise(Pooled connection, SlowDomains.Hold given) {
        if (!mayBePromised(connection)) {
            return null;
        }
        Claim next = waiting.first(claim -> share(claim, given));
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

    private boolean mayBePromised(Pooled connection) {
        SmtpSession session = connection.session();
        int carried = connection.leases();
        return session.isPipelining()
                && !slots.isSurplus()
                && carried + 1 < limits.leases()
                && !isOld(connection)
                && caution.allows(session.lastFinalDot(), carried, now());
    }

    /// Notes that a connection was no good to the message that it had been promised to.
    synchronized void disappointed(Pooled connection) {
        caution.failed(connection.leases(), now());
    }

    private synchronized void tidyLine() {
        tellWhoWaitedTooLong();
        waiting.breakPromisesSince(now() - LONGEST_PROMISE.toNanos());
        serveWhoWaits();
    }

    // ends

    /// Ends an attempt whose connection is in order. Returns whose turn is next on it, if anybody's.
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
        leave(used.session());
        return null;
    }

    private @Nullable Turn passOn(Turn turn, Pooled used, @Nullable Successor successor) {
        over(turn, true);
        Claim next = whoIsNext(used.session(), successor);
        if (next != null) {
            return turn(next, used);
        }
        slots.release();
        idle.add(used, now());
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

    private void over(Turn turn, boolean carried) {
        attempts.remove(turn.attempt());
        domains.end(turn.hold(), carried, now());
    }

    /// Where a message was announced, another word would be taken for it.
    private static void leave(SmtpSession session) {
        if (session.isAhead()) {
            session.wire().closeQuietly();
        } else {
            session.quit();
        }
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
        if (used.leases() >= limits.leases()) {
            return Closure.USED_UP;
        }
        return isOld(used) ? Closure.OLD : null;
    }

    /// Ends an attempt whose connection is gone.
    ///
    /// @param closure null where there was none
    synchronized void end(
            Turn turn, @Nullable Closure closure, @Nullable Successor successor) {
        if (closure != null) {
            slots.broke();
        }
        release(turn, false, closure, successor);
    }

    private void release(
            Turn turn,
            boolean carried,
            @Nullable Closure closure,
            @Nullable Successor successor) {
        over(turn, carried);
        if (closure != null) {
            closures.merge(closure, 1, Integer::sum);
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
        long now = now();
        List<Attempt> running;
        synchronized (this) {
            running = List.copyOf(attempts);
        }
        running.forEach(attempt -> attempt.check(now));
        tidyLine();
        closeStale();
    }

    private void closeStale() {
        List<Pooled> old;
        List<Pooled> unused;
        synchronized (this) {
            if (idle.size() == 0) {
                return;
            }
            old = idle.takeOpenedBy(now() - limits.age().toNanos());
            unused = idle.takeIdleSince(now() - limits.idle().toNanos());
        }
        quit(old, Closure.OLD);
        quit(unused, Closure.IDLE);
    }

    private void quit(List<Pooled> connections, Closure closure) {
        for (Pooled one : connections) {
            synchronized (this) {
                closures.merge(closure, 1, Integer::sum);
            }
            one.session().quit();
        }
    }

    private boolean isOld(Pooled connection) {
        return now() - connection.openedNanos() >= limits.age().toNanos();
    }

    private long now() {
        return client.nanoTicker().getAsLong();
    }

    /// From now on so many connections; those too many are closed when they come back.
    void resize(int connections) {
        List<Pooled> surplus;
        synchronized (this) {
            slots.resize(connections);
            surplus = idle.takeAllBut(slots.size() - slots.taken());
            serveWhoWaits();
        }
        quit(surplus, Closure.SURPLUS);
    }

    /// Whether it is closed and nothing runs any more.
    synchronized boolean isDrained() {
        return closed && slots.taken() == 0;
    }

    /// Idle connections are closed now, leased ones when they come back; who waits is refused.
    @Override
    public void close() {
        List<Pooled> all;
        synchronized (this) {
            closed = true;
            all = idle.takeAllBut(0);
            endAll(waiting.takeAll(), shutDown());
        }
        quit(all, Closure.SHUTDOWN);
    }
}
