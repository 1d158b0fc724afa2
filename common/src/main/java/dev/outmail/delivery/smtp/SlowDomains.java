package dev.outmail.delivery.smtp;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which recipient domains get no more than half of the connections: those that hold one for much
/// longer than is usual here. So a tarpit is contained, and a site whose mail all goes to one
/// domain is not halved.
///
/// A domain is slow from when one of its messages has held a connection for more than two seconds,
/// and more than four times as long as usual, until one of them took less. That many connections
/// may be gone before; so a domain that has half of them already, and one of those for more than
/// four times as long as usual, is late: others that wait go first. Nothing is unusual before
/// anything ended. Guarded by the pool's monitor.
final class SlowDomains {
    private static final long SLOW_NANOS = Duration.ofSeconds(2).toNanos();
    private static final int TIMES_AS_LONG = 4;
    private static final long UNKNOWN = Long.MAX_VALUE / TIMES_AS_LONG;
    private static final int SHARE_OF_THE_LAST = 16;

    private final Map<String, Set<Hold>> holds = new HashMap<>();
    private final Set<String> slow = new HashSet<>();
    private long usualNanos = UNKNOWN;

    /// A connection in the hands of one message, or one that is being opened for it.
    static final class Hold {
        private final Set<String> domains;
        private boolean open;
        private long sinceNanos;

        private Hold(Set<String> domains) {
            this.domains = domains;
        }

        /// For how long it was open.
        private long nanos(long nowNanos) {
            return open ? nowNanos - sinceNanos : 0;
        }
    }

    /// What a message may have, beside what its domains have already.
    enum Share {
        /// As everybody.
        FULL,
        /// One if nobody else waits.
        AFTER_OTHERS,
        NONE
    }

    Hold begin(Set<String> domains) {
        Hold hold = new Hold(domains);
        for (String domain : domains) {
            holds.computeIfAbsent(domain, same -> new HashSet<>()).add(hold);
        }
        return hold;
    }

    /// The connection is open; how long that took was not the domains' fault.
    void opened(Hold hold, long nowNanos) {
        hold.open = true;
        hold.sinceNanos = nowNanos;
    }

    /// It broke, another one is opened in its place.
    void opening(Hold hold) {
        hold.open = false;
    }

    /// @param carried whether it ended as usual, so that its time says something
    void end(Hold hold, boolean carried, long nowNanos) {
        long held = hold.nanos(nowNanos);
        for (String domain : hold.domains) {
            Set<Hold> others = holds.get(domain);
            if (others != null && others.remove(hold) && others.isEmpty()) {
                holds.remove(domain);
            }
            judge(domain, held, carried);
        }
        if (carried) {
            usualNanos =
                    usualNanos == UNKNOWN
                            ? held
                            : usualNanos
                                    + (Math.min(held, slowNanos()) - usualNanos)
                                            / SHARE_OF_THE_LAST;
        }
    }

    private void judge(String domain, long heldNanos, boolean carried) {
        if (heldNanos > slowNanos()) {
            slow.add(domain);
        } else if (carried) {
            slow.remove(domain);
        }
    }

    private long lateNanos() {
        return TIMES_AS_LONG * usualNanos;
    }

    private long slowNanos() {
        return Math.max(SLOW_NANOS, lateNanos());
    }

    /// What a message to these domains may have now.
    ///
    /// @param connections how many there may be
    /// @param given the hold that would end with it, or null
    Share share(Set<String> domains, int connections, @Nullable Hold given, long nowNanos) {
        Share least = Share.FULL;
        for (String domain : domains) {
            Share share = share(domain, connections, given, nowNanos);
            if (share.compareTo(least) > 0) {
                least = share;
            }
        }
        return least;
    }

    private Share share(String domain, int connections, @Nullable Hold given, long nowNanos) {
        Set<Hold> held = holds.getOrDefault(domain, Set.of());
        int count = held.size() - (given != null && held.contains(given) ? 1 : 0);
        if (count < Math.max(1, connections / 2)) {
            return Share.FULL;
        }
        long longest = longest(held, nowNanos);
        if (slow.contains(domain) || longest > slowNanos()) {
            return Share.NONE;
        }
        return longest > lateNanos() ? Share.AFTER_OTHERS : Share.FULL;
    }

    private static long longest(Set<Hold> held, long nowNanos) {
        long longest = 0;
        for (Hold hold : held) {
            longest = Math.max(longest, hold.nanos(nowNanos));
        }
        return longest;
    }
}
