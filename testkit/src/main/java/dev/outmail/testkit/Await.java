package dev.outmail.testkit;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/// The one place where tests wait: for a condition, with a deadline and a message.
public final class Await {
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    /// Something that becomes true; an exception ends the waiting at once.
    @FunctionalInterface
    public interface Condition {
        boolean holds() throws Exception;
    }

    private Await() {}

    /// Returns as soon as the condition holds.
    ///
    /// @param expected what is waited for, as the failure shall say it: "the worker is ready"
    /// @throws AssertionError when it does not hold in time
    public static void until(Duration atMost, Condition condition, String expected) {
        until(atMost, condition, () -> expected);
    }

    /// As above, with a message made when time is up, so that it can tell what was there instead.
    public static void until(Duration atMost, Condition condition, Supplier<String> expected) {
        value(atMost, () -> condition.holds() ? Optional.of(true) : Optional.empty(), expected);
    }

    /// Returns the value as soon as there is one.
    public static <T> T value(
            Duration atMost, Callable<Optional<T>> source, Supplier<String> expected) {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (true) {
            Optional<T> value = ask(source, expected);
            if (value.isPresent()) {
                return value.get();
            }
            if (System.nanoTime() - deadline >= 0) {
                throw new AssertionError("not within " + atMost + ": " + expected.get());
            }
            if (Thread.currentThread().isInterrupted()) {
                throw new AssertionError("interrupted while waiting: " + expected.get());
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private static <T> Optional<T> ask(Callable<Optional<T>> source, Supplier<String> expected) {
        try {
            return source.call();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting: " + expected.get(), e);
        } catch (Exception e) {
            throw new AssertionError("failed while waiting: " + expected.get(), e);
        }
    }
}
