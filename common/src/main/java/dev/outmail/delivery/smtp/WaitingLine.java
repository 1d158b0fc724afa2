package dev.outmail.delivery.smtp;

import dev.outmail.delivery.smtp.SlowDomains.Share;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
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

    /// Whoever lost its connection is first in line again.
    void rejoin(Claim claim) {
        line.addFirst(claim);
    }

    /// Whether it was waiting.
    boolean leave(Claim claim) {
        claim.breakPromise();
        return line.remove(claim) || promised.remove(claim);
    }

    /// The first that may have a connection; one that may only after others, where there are none.
    @Nullable Claim first(Function<Claim, Share> share) {
        Claim afterOthers = null;
        Set<String> passed = null;
        for (Claim claim : line) {
            if (passed != null && claim.domains().equals(passed)) {
                continue;
            }
            Share its = share.apply(claim);
            if (its == Share.FULL) {
                return claim;
            }
            if (its == Share.AFTER_OTHERS && afterOthers == null) {
                afterOthers = claim;
            }
            passed = claim.domains();
        }
        return afterOthers;
    }

    @Nullable Claim takeFirst(Function<Claim, Share> share) {
        Claim first = first(share);
        if (first != null) {
            line.remove(first);
        }
        return first;
    }

    /// Steps out of the line, as this connection is promised to it.
    void promise(Claim claim, SmtpSession session, long nowNanos) {
        line.remove(claim);
        claim.promise(session, nowNanos);
        promised.add(claim);
    }

    /// Takes the connection that it was promised.
    void takePromised(Claim claim) {
        promised.remove(claim);
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

    /// Takes out whoever has waited since then, or longer.
    List<Claim> takeWaitingSince(long nanos) {
        List<Claim> taken = new ArrayList<>(0);
        promised.stream().filter(claim -> claim.isWaitingSince(nanos)).forEach(taken::add);
        line.stream().filter(claim -> claim.isWaitingSince(nanos)).forEach(taken::add);
        taken.forEach(this::leave);
        return taken;
    }

    List<Claim> takeAll() {
        List<Claim> taken = new ArrayList<>(promised);
        taken.addAll(line);
        taken.forEach(Claim::breakPromise);
        promised.clear();
        line.clear();
        return taken;
    }
}
