package dev.outmail.delivery.smtp;

import dev.outmail.delivery.TransportResult;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/// A message that waits for a connection: first in line, then, maybe, promised one that still
/// carries another message, then under way, in the end told how it went. Guarded by the pool's
/// monitor, but for the end.
final class Claim {
    private final Delivery delivery;
    private final long sinceNanos;
    private final CountDownLatch ended = new CountDownLatch(1);
    private @Nullable SmtpSession promised;
    private long promisedNanos;
    private @Nullable Attempt attempt;
    private boolean givenUp;
    private @Nullable TransportResult result;
    private @Nullable Throwable failure;

    Claim(Delivery delivery, long nowNanos) {
        this.delivery = delivery;
        this.sinceNanos = nowNanos;
    }

    Delivery delivery() {
        return delivery;
    }

    Set<String> domains() {
        return delivery.domains();
    }

    // waiting

    boolean isWaitingSince(long nanos) {
        return sinceNanos - nanos <= 0;
    }

    void promise(SmtpSession session, long nowNanos) {
        promised = session;
        promisedNanos = nowNanos;
    }

    boolean isPromised(SmtpSession session) {
        return promised == session;
    }

    boolean isPromisedSince(long nanos) {
        return promised != null && promisedNanos - nanos <= 0;
    }

    void breakPromise() {
        promised = null;
    }

    // under way

    void begin(Attempt with) {
        promised = null;
        attempt = with;
    }

    void giveUp() {
        givenUp = true;
    }

    boolean isGivenUp() {
        return givenUp;
    }

    @Nullable Attempt attempt() {
        return attempt;
    }

    // the end

    void end(TransportResult how) {
        result = how;
        ended.countDown();
    }

    /// Ended by what should not have happened, or before anything could.
    void fail(Throwable cause) {
        failure = cause;
        ended.countDown();
    }

    /// Waits for the end, without a timer, which costs more than all else here; the pool sees to it
    /// that nobody waits for too long.
    ///
    /// @param breakOff brings about the end; called when the thread is interrupted
    /// @throws InterruptedException if it was, and nothing was settled that must be told; else the
    ///   thread stays interrupted
    TransportResult await(Runnable breakOff) throws InterruptedException {
        InterruptedException interruption = null;
        while (ended.getCount() > 0) {
            try {
                ended.await();
            } catch (InterruptedException e) {
                interruption = e;
                breakOff.run();
            }
        }
        if (interruption != null) {
            if (!delivery.isPartlySettled()) {
                throw interruption;
            }
            Thread.currentThread().interrupt();
        }
        if (failure instanceof RuntimeException bug) {
            throw bug;
        }
        if (result == null) {
            throw new IllegalStateException("the attempt ended without a result", failure);
        }
        return result;
    }
}
