package dev.outmail.systemtest.faults;

import dev.outmail.mail.MailEvent;
import dev.outmail.mail.MailEventBuilder;
import dev.outmail.producer.Outmail;
import dev.outmail.producer.Receipt;
import dev.outmail.testkit.Await;
import dev.outmail.testkit.smtp.SinkLedger;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Publishes events through the library and notes each one when its publish completes. Safe for
/// several threads; `accepted` and `failed` are filled by the library's.
final class Publisher implements AutoCloseable {
    private static final int MOST_UNDER_WAY = 5_000;
    static final Shape TO_ONE = (mail, n) -> mail.to("user-" + n + "@example.org");

    /// Makes a mail of what all have; at least its recipients.
    @FunctionalInterface
    interface Shape {
        MailEventBuilder shaped(MailEventBuilder mail, int number);
    }

    private record Call(long fromNanos, long toNanos) {
        private Call longer(Call other) {
            return other.nanos() > nanos() ? other : this;
        }

        private long nanos() {
            return toNanos - fromNanos;
        }
    }

    private final Outmail outmail;
    private final String name;
    private final Map<String, Accepted> accepted = new ConcurrentHashMap<>();
    private final Map<String, String> failed = new ConcurrentHashMap<>();
    private final Set<String> tried = ConcurrentHashMap.newKeySet();
    private final Semaphore room = new Semaphore(MOST_UNDER_WAY);
    private final IdleThread idle = new IdleThread();
    private final AtomicReference<Call> longestCall = new AtomicReference<>(new Call(0, 0));
    private final AtomicLong longestFutureNanos = new AtomicLong();

    /// Connects.
    ///
    /// @param name what its ids start with
    Publisher(Map<String, String> config, String name) {
        this.outmail = Outmail.connect(config);
        this.name = name;
    }

    /// Publishes mails to one recipient each, numbered from..to-1, as fast as they are taken.
    void publish(int from, int to) {
        publish(from, to, TO_ONE);
    }

    /// Publishes mails of this shape.
    void publish(int from, int to, Shape shape) {
        for (int number = from; number < to; number++) {
            publish(event(number, shape));
        }
        awaitAnswers();
    }

    /// Publishes so many a second, in the calling thread.
    void publishSteadily(int from, int to, double perSecond) {
        publishSteadily(from, to, perSecond, TO_ONE);
    }

    void publishSteadily(int from, int to, double perSecond, Shape shape) {
        long started = System.nanoTime();
        for (int number = from; number < to; number++) {
            long due = started + (long) ((number - from) * 1e9 / perSecond);
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            publish(event(number, shape));
        }
        awaitAnswers();
    }

    /// The id of the mail of this number.
    String id(int number) {
        return name + "-" + number;
    }

    private MailEvent event(int number, Shape shape) {
        var id = id(number);
        var base =
                MailEvent.builder()
                        .source("/faults")
                        .id(id)
                        .subject("Mail " + number)
                        .text("Mail %s.\nLine two of %1$s, and that is all.\n".formatted(id))
                        .header("X-Test-Id", id);
        return shape.shaped(base, number).build();
    }

    /// Publishes one event, whatever it is.
    void publish(MailEvent event) {
        room.acquireUninterruptibly();
        var id = event.id().id();
        tried.add(id);
        long called = System.nanoTime();
        var published = outmail.publish(event);
        longestCall.accumulateAndGet(new Call(called, System.nanoTime()), Call::longer);
        var _ =
                published.whenComplete((queued, failure) -> {
                    longestFutureNanos.accumulateAndGet(System.nanoTime() - called, Math::max);
                    note(event, queued, failure);
                    room.release();
                });
    }

    private void note(
            MailEvent event, Receipt.@Nullable Queued queued, @Nullable Throwable failure) {
        var id = event.id().id();
        if (queued == null) {
            failed.put(id, String.valueOf(failure));
            return;
        }
        var recipients =
                event.addressing().recipients().stream()
                        .map(Object::toString)
                        .collect(Collectors.toSet());
        accepted.put(
                id,
                new Accepted(
                        id,
                        recipients,
                        body(((MailEvent.Written) event.content()).text()),
                        Instant.now(),
                        queued.partition(),
                        queued.offset()));
    }

    private static String body(@Nullable String text) {
        return SinkLedger.sha256(text == null ? "" : text.replace("\n", "\r\n"));
    }

    /// Waits until every publish has completed, this way or that.
    void awaitAnswers() {
        Await.until(
                Duration.ofSeconds(30),
                () -> room.availablePermits() == MOST_UNDER_WAY,
                () -> "every publish completes; " + room.availablePermits() + " free");
    }

    Map<String, Accepted> accepted() {
        return accepted;
    }

    /// Ids whose publish failed, and why; they may be on the topic all the same.
    Map<String, String> failed() {
        return failed;
    }

    /// Every id that was tried.
    Set<String> tried() {
        return tried;
    }

    /// How long a call of publish took at most.
    Duration longestCall() {
        return Duration.ofNanos(longestCall.get().nanos());
    }

    /// For how much of that call the machine let a thread that has nothing to do not run.
    Duration starvedInLongestCall() {
        var call = longestCall.get();
        return idle.keptFromRunning(call.fromNanos(), call.toNanos());
    }

    /// How long a publish took at most to complete.
    Duration longestFuture() {
        return Duration.ofNanos(longestFutureNanos.get());
    }

    @Override
    public void close() {
        idle.close();
        outmail.close();
    }
}
