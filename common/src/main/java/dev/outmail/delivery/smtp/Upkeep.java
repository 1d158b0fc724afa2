package dev.outmail.delivery.smtp;

import dev.outmail.delivery.smtp.ConnectionPool.Limits;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which connections are kept and for how long, with what they are trusted, and why the others were
/// closed. Guarded by the pool's monitor.
final class Upkeep {
    private final Limits limits;
    private final IdleConnections idle = new IdleConnections();
    private final Caution caution = new Caution();
    private final Map<Closure, Integer> closures = new EnumMap<>(Closure.class);

    Upkeep(Limits limits) {
        this.limits = limits;
    }

    boolean hasIdle() {
        return idle.size() > 0;
    }

    int idle() {
        return idle.size();
    }

    @Nullable Pooled takeIdle() {
        return idle.takeLast();
    }

    void keep(Pooled connection, long nowNanos) {
        idle.add(connection, nowNanos);
    }

    /// Takes out those that were idle for long, or are old. To be closed, as they are counted.
    List<Pooled> takeStale(long nowNanos) {
        if (!hasIdle()) {
            return List.of();
        }
        List<Pooled> old = idle.takeOpenedBy(nowNanos - limits.age().toNanos());
        List<Pooled> unused = idle.takeIdleSince(nowNanos - limits.idle().toNanos());
        closed(Closure.OLD, old.size());
        closed(Closure.IDLE, unused.size());
        List<Pooled> all = new ArrayList<>(old);
        all.addAll(unused);
        return all;
    }

    /// Takes out all but so many idle ones. To be closed, as they are counted.
    List<Pooled> takeAllBut(int kept, Closure why) {
        List<Pooled> taken = idle.takeAllBut(kept);
        closed(why, taken.size());
        return taken;
    }

    void closed(Closure why) {
        closed(why, 1);
    }

    private void closed(Closure why, int count) {
        if (count > 0) {
            closures.merge(why, count, Integer::sum);
        }
    }

    Map<Closure, Integer> closures() {
        return closures;
    }

    /// Why a connection in order is of no use for another message, if it is not.
    @Nullable Closure wear(Pooled used, long nowNanos) {
        if (used.leases() >= limits.leases()) {
            return Closure.USED_UP;
        }
        return isOld(used, nowNanos) ? Closure.OLD : null;
    }

    private boolean isOld(Pooled connection, long nowNanos) {
        return nowNanos - connection.openedNanos() >= limits.age().toNanos();
    }

    /// Whether the next message may begin with the end of the one that this connection carries.
    boolean mayBeginAhead(Pooled connection, long nowNanos) {
        SmtpSession session = connection.session();
        int carried = connection.leases();
        return session.isPipelining()
                && carried + 1 < limits.leases()
                && !isOld(connection, nowNanos)
                && caution.allows(session.lastFinalDot(), carried, nowNanos);
    }

    /// Notes that a connection was no good to the message that had begun on it so.
    void disappointed(Pooled connection, long nowNanos) {
        caution.failed(connection.leases(), nowNanos);
    }
}
