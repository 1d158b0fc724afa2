package dev.outmail.delivery.smtp;

import dev.outmail.delivery.Reason;
import dev.outmail.delivery.TransportResult.Kind;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// The connections to one server: so many at a time, the last one used first. A leased connection
/// is closed in the end unless it was said to be in order.
///
/// `permits` bounds leases; everything else is guarded by this object's monitor, in which nobody
/// waits for a socket.
final class ConnectionPool implements AutoCloseable {
    /// What a pooled connection may live through.
    ///
    /// @param leases how often one may be used
    record Limits(int connections, Duration idle, Duration age, int leases) {
        static Limits of(int connections) {
            return new Limits(connections, Duration.ofSeconds(20), Duration.ofMinutes(5), 100);
        }
    }

    private record Idle(Pooled connection, long sinceNanos) {}

    /// A connection with its history.
    record Pooled(SmtpSession session, long openedNanos, int leases) {
        Pooled usedOnceMore() {
            return new Pooled(session, openedNanos, leases + 1);
        }
    }

    private final String server;
    private final Connector connector;
    private final Limits limits;
    private final SmtpClient client;
    private final Semaphore permits;
    private final Deque<Idle> idle = new ArrayDeque<>();
    private final Set<Attempt> attempts = new HashSet<>();
    private boolean closed;

    ConnectionPool(String server, Connector connector, Limits limits, SmtpClient client) {
        this.server = server;
        this.connector = connector;
        this.limits = limits;
        this.client = client;
        this.permits = new Semaphore(limits.connections(), true);
    }

    /// A connection for one attempt, used before or new.
    ///
    /// @throws NoneFree when none was free in time
    /// @throws SmtpTrouble when none could be opened
    Lease lease() throws NoneFree, SmtpTrouble, InterruptedException {
        requireOpen();
        if (!permits.tryAcquire(client.timeouts().lease().toNanos(), TimeUnit.NANOSECONDS)) {
            throw noneFree();
        }
        Lease lease = new Lease(this, begin());
        try {
            requireOpen();
            lease.start();
            return lease;
        } catch (SmtpTrouble | RuntimeException e) {
            lease.close();
            throw e;
        }
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

    private synchronized void requireOpen() throws SmtpTrouble {
        if (closed) {
            throw new SmtpTrouble(
                    Kind.SERVER, Reason.UNAVAILABLE, "the transport to " + server + " was closed");
        }
    }

    /// Every connection was in use for the whole time that a lease may wait.
    static final class NoneFree extends Exception {
        private static final long serialVersionUID = 1L;

        private NoneFree(String message) {
            super(message);
        }
    }

    private synchronized NoneFree noneFree() {
        return new NoneFree(
                "no free connection to %s within %s: %d active, %d idle, %d waiting, %d at most"
                        .formatted(
                                server,
                                client.timeouts().lease(),
                                limits.connections() - permits.availablePermits(),
                                idle.size(),
                                permits.getQueueLength(),
                                limits.connections()));
    }

    /// The idle connection that was used last, if one is still good.
    Optional<Pooled> takeIdle() {
        closeStale();
        synchronized (this) {
            Idle last = idle.pollLast();
            return last == null ? Optional.empty() : Optional.of(last.connection());
        }
    }

    Pooled open(Attempt attempt) throws SmtpTrouble {
        makeRoom();
        return new Pooled(connector.connect(attempt), now(), 0);
    }

    /// Leases and idle connections together are never more than the server was promised.
    private void makeRoom() {
        Idle surplus = null;
        synchronized (this) {
            int leased = limits.connections() - permits.availablePermits();
            if (leased + idle.size() > limits.connections()) {
                surplus = idle.pollFirst();
            }
        }
        if (surplus != null) {
            surplus.connection().session().quit();
        }
    }

    /// Ends an attempt whose connection is in order.
    void giveBack(Attempt attempt, Pooled connection) {
        attempt.finish();
        Pooled used = connection.usedOnceMore();
        boolean keep;
        synchronized (this) {
            keep =
                    !closed
                            && !used.session().wire().isClosed()
                            && used.leases() < limits.leases()
                            && !isOld(used);
            if (keep) {
                idle.addLast(new Idle(used, now()));
            }
        }
        if (!keep) {
            used.session().quit();
        }
        end(attempt);
    }

    /// Ends an attempt whose connection is gone.
    void end(Attempt attempt) {
        synchronized (this) {
            attempts.remove(attempt);
        }
        permits.release();
    }

    /// Stops what is overdue and closes what was idle too long; called now and then.
    void tidy() {
        long now = now();
        List<Attempt> running;
        synchronized (this) {
            running = List.copyOf(attempts);
        }
        running.forEach(attempt -> attempt.check(now));
        closeStale();
    }

    private void closeStale() {
        List<Idle> stale = new ArrayList<>();
        synchronized (this) {
            idle.removeIf(one -> isStale(one) && stale.add(one));
        }
        stale.forEach(one -> one.connection().session().quit());
    }

    private boolean isStale(Idle one) {
        return now() - one.sinceNanos() >= limits.idle().toNanos() || isOld(one.connection());
    }

    private boolean isOld(Pooled connection) {
        return now() - connection.openedNanos() >= limits.age().toNanos();
    }

    private long now() {
        return client.nanoTicker().getAsLong();
    }

    /// Whether it is closed and nothing runs any more.
    synchronized boolean isDrained() {
        return closed && attempts.isEmpty();
    }

    /// Idle connections are closed now, leased ones when they come back.
    @Override
    public void close() {
        List<Idle> all;
        synchronized (this) {
            closed = true;
            all = List.copyOf(idle);
            idle.clear();
        }
        all.forEach(one -> one.connection().session().quit());
    }
}
