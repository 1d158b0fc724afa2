package dev.outmail.delivery;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/// Who is in at a gate, by recipient domain: a domain that is slow and has half of the room gets no
/// more. It is slow while half of that has been in for much longer than is usual here, and from
/// when one of its messages took so long until one of them took less: what was sent away comes back
/// all at once. So a tarpit leaves room for others, and a site whose mail all goes to one domain is
/// not halved, since what takes all the same time is usual. Nothing is unusual before anything
/// ended. Guarded by itself.
final class DomainShares {
    private static final long SLOW_NANOS = Duration.ofMillis(500).toNanos();
    private static final int TIMES_AS_LONG = 4;
    private static final int SHARE_OF_THE_LAST = 16;
    private static final long UNKNOWN = Long.MAX_VALUE / TIMES_AS_LONG;

    /// So many slow domains are remembered, the last ones.
    private static final int MOST_SLOW = 1_000;

    private final LongSupplier nanoTime;
    private final Map<String, LinkedHashSet<Stay>> stays = new HashMap<>();
    private final LinkedHashSet<String> slow = new LinkedHashSet<>();
    private int room = Integer.MAX_VALUE;
    private long usualNanos = UNKNOWN;

    /// One message that is in.
    static final class Stay {
        private final Set<String> domains;
        private final long sinceNanos;

        private Stay(Set<String> domains, long nowNanos) {
            this.domains = domains;
            this.sinceNanos = nowNanos;
        }
    }

    DomainShares(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /// From now on there is so much room for all.
    synchronized void resize(int newRoom) {
        room = newRoom;
    }

    /// Whether one of these domains has all that it may have.
    synchronized boolean isUsedUp(Set<String> domains) {
        for (var domain : domains) {
            if (isUsedUp(domain)) {
                return true;
            }
        }
        return false;
    }

    private boolean isUsedUp(String domain) {
        var all = stays.get(domain);
        int half = Math.max(1, room / 2);
        if (all == null || all.size() < half) {
            return false;
        }
        if (slow.contains(domain)) {
            return true;
        }
        long slowSince = nanoTime.getAsLong() - slowNanos();
        int enough = Math.max(1, half / 2);
        return all.stream().limit(enough).allMatch(stay -> stay.sinceNanos - slowSince <= 0);
    }

    synchronized Stay begin(Set<String> domains) {
        var stay = new Stay(domains, nanoTime.getAsLong());
        for (var domain : domains) {
            stays.computeIfAbsent(domain, same -> new LinkedHashSet<>()).add(stay);
        }
        return stay;
    }

    private long slowNanos() {
        return Math.max(SLOW_NANOS, TIMES_AS_LONG * usualNanos);
    }

    synchronized void end(Stay stay) {
        long took = nanoTime.getAsLong() - stay.sinceNanos;
        boolean isSlow = took > slowNanos();
        for (var domain : stay.domains) {
            var all = stays.get(domain);
            if (all != null && all.remove(stay) && all.isEmpty()) {
                stays.remove(domain);
            }
            if (isSlow) {
                slow.addLast(domain);
            } else {
                slow.remove(domain);
            }
        }
        if (slow.size() > MOST_SLOW) {
            slow.removeFirst();
        }
        if (usualNanos == UNKNOWN) {
            usualNanos = took;
        } else {
            usualNanos += (Math.min(took, slowNanos()) - usualNanos) / SHARE_OF_THE_LAST;
        }
    }
}
