package dev.outmail.producer;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/// Many threads of an application that send and publish, each by turns, and write down what came of
/// it.
final class Callers implements AutoCloseable {
    private static final long PAUSE_NANOS = Duration.ofMillis(100).toNanos();

    private final Outmail outmail;
    private final AtomicInteger numbers = new AtomicInteger();
    private final AtomicInteger lastAccepted = new AtomicInteger(-1);
    private final ConcurrentLinkedQueue<Call> calls = new ConcurrentLinkedQueue<>();
    private final List<Thread> threads;
    private volatile boolean closed;

    /// One call and its only result.
    ///
    /// @param blocked how long the caller was held up
    /// @param result completed when the caller knows
    record Call(String id, Duration blocked, CompletableFuture<Result> result) {}

    /// @param receipt or null, where the event was not accepted
    record Result(Receipt.@org.jspecify.annotations.Nullable Queued receipt, Duration took) {}

    Callers(Outmail outmail, int count) {
        this.outmail = outmail;
        this.threads =
                IntStream.range(0, count)
                        .mapToObj(i -> Thread.ofPlatform().name("caller-" + i).start(this::call))
                        .toList();
    }

    List<Call> calls() {
        return List.copyOf(calls);
    }

    int made() {
        return numbers.get();
    }

    /// The highest number of a call whose event was accepted; -1 before the first.
    int lastAccepted() {
        return lastAccepted.get();
    }

    private void call() {
        var random = ThreadLocalRandom.current();
        while (!closed) {
            int number = numbers.getAndIncrement();
            var call = number % 2 == 0 ? send("call-" + number) : publish("call-" + number);
            calls.add(call);
            var _ =
                    call.result()
                            .thenAccept(result -> {
                                if (result.receipt() != null) {
                                    lastAccepted.accumulateAndGet(number, Math::max);
                                }
                            });
            LockSupport.parkNanos(random.nextLong(PAUSE_NANOS / 2, PAUSE_NANOS * 2));
        }
    }

    private Call send(String id) {
        long started = System.nanoTime();
        Receipt.Queued receipt;
        try {
            receipt = (Receipt.Queued) outmail.send(Site.mail(id).build());
        } catch (MailNotAccepted e) {
            receipt = null;
        }
        var took = since(started);
        return new Call(id, took, CompletableFuture.completedFuture(new Result(receipt, took)));
    }

    /// Anything but a receipt or [MailNotAccepted] fails the result.
    private Call publish(String id) {
        long started = System.nanoTime();
        var published = outmail.publish(Site.mail(id).build());
        var blocked = since(started);
        var result =
                published
                        .exceptionally(e -> {
                            if (e instanceof MailNotAccepted) {
                                return null;
                            }
                            throw new IllegalStateException(e);
                        })
                        .thenApply(receipt -> new Result(receipt, since(started)));
        return new Call(id, blocked, result);
    }

    private static Duration since(long startedNanos) {
        return Duration.ofNanos(System.nanoTime() - startedNanos);
    }

    /// Returns when every thread has ended its last call.
    @Override
    public void close() {
        closed = true;
        for (var thread : threads) {
            try {
                thread.join(Duration.ofSeconds(30));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
