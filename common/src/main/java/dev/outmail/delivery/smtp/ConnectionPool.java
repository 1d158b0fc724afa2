package dev.outmail.delivery.smtp;

import dev.outmail.delivery.Reason;
import dev.outmail.delivery.TransportResult.Kind;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The connections to one server: so many at a time, the last one used first, for the messages that
/// wait in their order. A leased connection is closed in the end unless it was said to be in order.
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

    /// A connection with its history.
    ///
    /// @param leases messages that it carried to their ends
    record Pooled(SmtpSession session, long openedNanos, int leases) {
        Pooled usedOnceMore() {
            return new Pooled(session, openedNanos, leases + 1);
        }
    }

    private final String server;
    private final Connector connector;
    private final Limits limits;
    private final SmtpClient client;
    private final Caution caution = new Caution();
    private final WaitingLine waiting = new WaitingLine();
    private final IdleConnections idle = new IdleConnections();
    private final Set<Attempt> attempts = new HashSet<>();
    private final Map<Closure, Integer> closures = new EnumMap<>(Closure.class);
    private int size;
    private int leased;
    private boolean closed;

    ConnectionPool(String server, Connector connector, Limits limits, SmtpClient client) {
        this.server = server;
        this.connector = connector;
        this.limits = limits;
        this.client = client;
        this.size = limits.connections();
    }

    // waiting

    /// A connection for one attempt, used before or new.
    ///
    /// @param firstWords what the attempt would begin with on a connection, to be said with the end
    ///   of the message before; none if that can't be told. Called by other threads, until this
    ///   returns
    /// @throws NoneFree when none was free in time
    /// @throws SmtpTrouble when none could be opened
    Lease lease(Function<SmtpSession, List<String>> firstWords)
            throws NoneFree, SmtpTrouble, InterruptedException {
        closeStale();
        Claim claim = new Claim(firstWords, now());
        synchronized (this) {
            admit(claim);
        }
        try {
            claim.await();
        } catch (InterruptedException e) {
            giveUp(claim);
            throw e;
        }
        return serve(grantOf(claim));
    }

    private Lease serve(Claim.Grant grant) throws NoneFree, SmtpTrouble {
        return switch (grant) {
            case Claim.Grant.Connected it -> Lease.of(this, begin(), it.connection());
            case Claim.Grant.Slot ignored -> Lease.opening(this, begin());
            case Claim.Grant.Refused ignored -> throw shutDown();
            case Claim.Grant.None ignored -> throw noneFree();
        };
    }

    private void giveUp(Claim claim) {
        switch (grantOf(claim)) {
            case Claim.Grant.Connected it -> Lease.of(this, begin(), it.connection()).decline();
            case Claim.Grant.Slot ignored -> passOn(null);
            case Claim.Grant.Refused ignored -> {}
            case Claim.Grant.None ignored -> {}
        }
    }

    /// What it was served, which is nothing if it leaves before.
    private synchronized Claim.Grant grantOf(Claim claim) {
        if (claim.grant() == null) {
            waiting.leave(claim);
        }
        return Objects.requireNonNullElseGet(claim.grant(), Claim.Grant.None::new);
    }

    private synchronized void admit(Claim claim) {
        if (closed) {
            claim.serve(new Claim.Grant.Refused());
        } else if (leased < size) {
            leased++;
            claim.serve(grant(idle.takeLast()));
        } else {
            waiting.join(claim);
        }
    }

    private static Claim.Grant grant(@Nullable Pooled connection) {
        return connection == null ? new Claim.Grant.Slot() : new Claim.Grant.Connected(connection);
    }

    private Attempt begin() {
        Attempt attempt =
                new Attempt(
                        now() + client.timeouts().attempt().toNanos(),
                        "the attempt took more than " + client.timeouts().attempt());
        synchronized (this) {
            attempts.add(attempt);
        }
        return attempt;
    }

    private SmtpTrouble shutDown() {
        return new SmtpTrouble(
                Kind.SERVER, Reason.UNAVAILABLE, "the transport to " + server + " was closed");
    }

    /// Every connection was in use for the whole time that a lease may wait.
    static final class NoneFree extends Exception {
        private static final long serialVersionUID = 1L;

        private NoneFree(String message) {
            super(message);
        }
    }

    private NoneFree noneFree() {
        return new NoneFree(
                "no free connection to %s within %s: %s"
                        .formatted(server, client.timeouts().lease(), state()));
    }

    synchronized PoolState state() {
        return new PoolState(leased, idle.size(), waiting.size(), size, closures);
    }

    Pooled open(Attempt attempt) throws SmtpTrouble {
        return new Pooled(connector.connect(attempt), now(), 0);
    }

    // promises

    /// A message whose envelope is said on a connection with the end of another one.
    record Successor(Claim claim, SmtpSession session, List<String> firstWords) {
        private boolean isWaiting() {
            return claim.isPromised(session);
        }
    }

    /// Promises a connection to the first that waits, if that is safe.
    synchronized @Nullable Successor promise(Pooled connection) {
        Claim next = waiting.first();
        if (next == null || !mayBePromised(connection)) {
            return null;
        }
        SmtpSession session = connection.session();
        List<String> firstWords = next.firstWordsOn(session);
        if (firstWords.isEmpty()) {
            return null;
        }
        waiting.promiseFirst(session, now());
        return new Successor(next, session, firstWords);
    }

    private boolean mayBePromised(Pooled connection) {
        SmtpSession session = connection.session();
        int carried = connection.leases();
        return session.isPipelining()
                && leased <= size
                && carried + 1 < limits.leases()
                && !isOld(connection)
                && caution.allows(session.lastFinalDot(), carried, now());
    }

    /// Notes that a connection was no good to the message that it had been promised to.
    synchronized void disappointed(Pooled connection) {
        caution.failed(connection.leases(), now());
    }

    private synchronized void tidyLine() {
        waiting.dismissWaitingSince(now() - client.timeouts().lease().toNanos());
        waiting.breakPromisesSince(now() - LONGEST_PROMISE.toNanos());
        serveWhoWaits();
    }

    private void serveWhoWaits() {
        while (leased < size) {
            Claim first = waiting.takeFirst();
            if (first == null) {
                return;
            }
            admit(first);
        }
    }

    // ends

    /// Ends an attempt whose connection is in order.
    ///
    /// @param successor whom the connection was promised to, or null for nobody
    void giveBack(Attempt attempt, Pooled connection, @Nullable Successor successor) {
        attempt.finish();
        Pooled used = connection.usedOnceMore();
        Closure closure;
        synchronized (this) {
            closure = whyNotKept(used, successor);
            end(attempt, closure, successor, closure == null ? used : null);
        }
        if (closure != null) {
            leave(used.session());
        }
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
        if (leased > size) {
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
    void end(Attempt attempt, @Nullable Closure closure, @Nullable Successor successor) {
        end(attempt, closure, successor, null);
    }

    private synchronized void end(
            Attempt attempt,
            @Nullable Closure closure,
            @Nullable Successor successor,
            @Nullable Pooled connection) {
        attempts.remove(attempt);
        if (closure != null) {
            closures.merge(closure, 1, Integer::sum);
        }
        if (successor != null && successor.isWaiting()) {
            waiting.backInLine(successor.claim());
        }
        passOn(connection);
    }

    private synchronized void passOn(@Nullable Pooled connection) {
        Claim next = leased > size ? null : waiting.takeFirst();
        if (next != null) {
            next.serve(grant(connection));
            return;
        }
        leased--;
        if (connection != null) {
            idle.add(connection, now());
        }
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
            size = connections;
            surplus = idle.takeAllBut(size - leased);
            serveWhoWaits();
        }
        quit(surplus, Closure.SURPLUS);
    }

    /// Whether it is closed and nothing runs any more.
    synchronized boolean isDrained() {
        return closed && leased == 0;
    }

    /// Idle connections are closed now, leased ones when they come back; who waits is refused.
    @Override
    public void close() {
        List<Pooled> all;
        synchronized (this) {
            closed = true;
            all = idle.takeAllBut(0);
            waiting.refuseAll();
        }
        quit(all, Closure.SHUTDOWN);
    }
}
