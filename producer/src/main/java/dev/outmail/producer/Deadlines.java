package dev.outmail.producer;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/// Fails publications that are not done in time. All have the same time, so the first is due first,
/// and a look at the head of the line now and then does for all of them: a timer for each would
/// cost more than all else that is done for a publication here.
final class Deadlines {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

    private final long nanos;
    private final LongSupplier nanoTime;
    private final Executor later;
    private final Queue<Deadline> line = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean looking = new AtomicBoolean();

    private record Deadline(Publication publication, long atNanos) {}

    /// @param deadline when one fails at the latest, that is up to two looks before
    Deadlines(Duration deadline) {
        this(
                deadline,
                System::nanoTime,
                CompletableFuture.delayedExecutor(
                        BETWEEN_LOOKS.toNanos(), TimeUnit.NANOSECONDS, Runnable::run));
    }

    /// @param later runs a look after a while
    Deadlines(Duration deadline, LongSupplier nanoTime, Executor later) {
        this.nanos = deadline.minus(BETWEEN_LOOKS.multipliedBy(2)).toNanos();
        this.nanoTime = nanoTime;
        this.later = later;
    }

    void add(Publication publication) {
        line.add(new Deadline(publication, nanoTime.getAsLong() + nanos));
        lookLater();
    }

    private void lookLater() {
        if (!looking.get() && looking.compareAndSet(false, true)) {
            later.execute(this::look);
        }
    }

    private void look() {
        long now = nanoTime.getAsLong();
        for (var first = line.peek(); first != null; first = line.peek()) {
            if (!first.publication().isDone()) {
                if (first.atNanos() - now > 0) {
                    break;
                }
                first.publication().fail(new TimeoutException());
            }
            line.poll();
        }
        looking.set(false);
        if (!line.isEmpty()) {
            lookLater();
        }
    }
}
