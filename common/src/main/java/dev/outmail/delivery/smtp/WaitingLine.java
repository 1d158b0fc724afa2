package dev.outmail.delivery.smtp;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The messages that wait for a connection, in their order; and those that stepped out of the line
/// because they were promised one. Guarded by the pool's monitor.
final class WaitingLine {
    private final Deque<Claim> line = new ArrayDeque<>();
    private final Set<Claim> promised = new HashSet<>();

    /// All that wait, promised one or not.
    int size() {
        return line.size() + promised.size();
    }

    void join(Claim claim) {
        line.addLast(claim);
    }

    void leave(Claim claim) {
        line.remove(claim);
        promised.remove(claim);
        claim.breakPromise();
    }

    @Nullable Claim first() {
        return line.peekFirst();
    }

    @Nullable Claim takeFirst() {
        return line.pollFirst();
    }

    /// The first in line is promised this connection.
    void promiseFirst(SmtpSession session, long nowNanos) {
        Claim first = line.removeFirst();
        first.promise(session, nowNanos);
        promised.add(first);
    }

    /// Whoever was promised a connection is first in line again.
    void backInLine(Claim claim) {
        promised.remove(claim);
        claim.breakPromise();
        line.addFirst(claim);
    }

    /// Breaks the promises made then, or before.
    void breakPromisesSince(long nanos) {
        for (Claim claim : List.copyOf(promised)) {
            if (claim.isPromisedSince(nanos)) {
                backInLine(claim);
            }
        }
    }

    /// Sends away whoever has waited since then, or longer.
    void dismissWaitingSince(long nanos) {
        for (Claim claim : List.copyOf(promised)) {
            if (claim.isWaitingSince(nanos)) {
                backInLine(claim);
            }
        }
        for (Claim claim : List.copyOf(line)) {
            if (claim.isWaitingSince(nanos)) {
                leave(claim);
                claim.serve(new Claim.Grant.None());
            }
        }
    }

    void refuseAll() {
        List.copyOf(promised).forEach(this::backInLine);
        line.forEach(claim -> claim.serve(new Claim.Grant.Refused()));
        line.clear();
    }
}
