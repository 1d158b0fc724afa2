package dev.outmail.delivery.smtp;

import dev.outmail.delivery.smtp.ConnectionPool.Pooled;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A message that waits for a connection: first in line, then, maybe, promised one that still
/// carries another message, in the end served. Guarded by the pool's monitor, but for the waiting.
final class Claim {

    /// What one waits for.
    sealed interface Grant {
        /// A connection that is open.
        record Connected(Pooled connection) implements Grant {}

        /// The right to open one.
        record Slot() implements Grant {}

        /// Nothing: all were in use for as long as one waits.
        record None() implements Grant {}

        /// Nothing: the pool was closed.
        record Refused() implements Grant {}
    }

    private final Function<SmtpSession, List<String>> firstWords;
    private final long sinceNanos;
    private final CountDownLatch served = new CountDownLatch(1);
    private @Nullable SmtpSession promised;
    private long promisedNanos;
    private @Nullable Grant grant;

    /// @param firstWords what the message would begin with on a connection, or nothing if that
    ///   can't be said before; called by another thread while this one waits
    Claim(Function<SmtpSession, List<String>> firstWords, long nowNanos) {
        this.firstWords = firstWords;
        this.sinceNanos = nowNanos;
    }

    boolean isWaitingSince(long nanos) {
        return sinceNanos - nanos <= 0;
    }

    List<String> firstWordsOn(SmtpSession session) {
        return firstWords.apply(session);
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

    void serve(Grant with) {
        promised = null;
        grant = with;
        served.countDown();
    }

    @Nullable Grant grant() {
        return grant;
    }

    /// Waits until it is served. Without a timer, which costs more than all else here; the pool
    /// sees to it that nobody waits for too long.
    void await() throws InterruptedException {
        served.await();
    }
}
