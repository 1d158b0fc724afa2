package dev.outmail.worker.ledger;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A record on its way to Kafka.
public final class LedgerWrite {
    private final CompletableFuture<Boolean> acknowledged = new CompletableFuture<>();

    LedgerWrite() {}

    /// Whether it is known what became of it.
    public boolean isDone() {
        return acknowledged.isDone();
    }

    /// Whether it is durable. False while that is not known.
    public boolean isAcknowledged() {
        return acknowledged.getNow(false);
    }

    /// Waits until it is known what became of it, and says whether it is durable; false also when
    /// that took too long.
    public boolean await(Duration timeout) throws InterruptedException {
        try {
            return acknowledged.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("it is never completed with an exception", e);
        }
    }

    /// Waits until it is known what became of it, which Kafka's `delivery.timeout.ms` bounds, and
    /// says whether it is durable.
    public boolean await() throws InterruptedException {
        try {
            return acknowledged.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("it is never completed with an exception", e);
        }
    }

    void complete(boolean durable) {
        acknowledged.complete(durable);
    }
}
