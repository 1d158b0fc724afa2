package dev.outmail.delivery.smtp;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The connections that wait for messages, the one used last first in line. Guarded by the pool's
/// monitor.
final class IdleConnections {
    private record Idle(Pooled connection, long sinceNanos) {}

    private final Deque<Idle> idle = new ArrayDeque<>();

    int size() {
        return idle.size();
    }

    void add(Pooled connection, long nowNanos) {
        idle.addLast(new Idle(connection, nowNanos));
    }

    @Nullable Pooled takeLast() {
        Idle last = idle.pollLast();
        return last == null ? null : last.connection();
    }

    /// Takes out those that were idle since then, or before.
    List<Pooled> takeIdleSince(long nanos) {
        return take(one -> one.sinceNanos() - nanos <= 0);
    }

    /// Takes out those opened then, or before.
    List<Pooled> takeOpenedBy(long nanos) {
        return take(one -> one.connection().openedNanos() - nanos <= 0);
    }

    /// Takes out all but so many, those used last longest ago first.
    List<Pooled> takeAllBut(int kept) {
        List<Pooled> taken = new ArrayList<>();
        while (idle.size() > Math.max(0, kept)) {
            taken.add(idle.removeFirst().connection());
        }
        return taken;
    }

    private List<Pooled> take(Predicate<Idle> which) {
        List<Pooled> taken = new ArrayList<>(0);
        idle.removeIf(one -> which.test(one) && taken.add(one.connection()));
        return taken;
    }
}
