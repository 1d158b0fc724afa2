package dev.outmail.submission.smtp;

import dev.outmail.mail.EmailAddress;
import dev.outmail.mail.MailEvent;
import dev.outmail.producer.Outmail;
import dev.outmail.producer.Receipt;
import dev.outmail.producer.Submission;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.apache.kafka.common.errors.TimeoutException;

/// Publishes messages, and remembers how that went last. For many threads.
final class Publishing implements Destination {
    /// As long as Kafka's client takes to give up by itself.
    private static final Duration PATIENCE = Duration.ofSeconds(4);

    /// Each is twice as long as the one before: the event is encoded anew each time.
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

    private final Outmail outmail;
    private final Submission submission;
    private final LongSupplier nanoTime;
    private final LongConsumer park;
    private volatile Optional<String> trouble = Optional.empty();

    /// @param park waits for as many nanoseconds
    Publishing(Outmail outmail, Submission submission, LongSupplier nanoTime, LongConsumer park) {
        this.outmail = outmail;
        this.submission = submission;
        this.nanoTime = nanoTime;
        this.park = park;
    }

    @Override
    public CompletableFuture<Accepted> publish(Envelope envelope, byte[] message, Trace trace) {
        var recipients = envelope.recipients().stream().map(EmailAddress::toString).toList();
        var event =
                submission.event(
                        joined(trace.received(), message),
                        envelope.sender().toString(),
                        recipients);
        return taken(event)
                .whenComplete((receipt, failure) ->
                        trouble = Optional.ofNullable(failure).map(Throwable::getMessage))
                .thenApply(receipt -> new Accepted(event.id(), place(receipt)));
    }

    /// Publishes again what was refused at once, which Kafka never saw.
    private CompletableFuture<Receipt.Queued> taken(MailEvent event) {
        long deadlineNanos = nanoTime.getAsLong() + PATIENCE.toNanos();
        long pauseNanos = FIRST_PAUSE.toNanos();
        var receipt = outmail.publish(event);
        long leftNanos = deadlineNanos - nanoTime.getAsLong();
        while (hadNoRoom(receipt) && leftNanos > 0) {
            // before Kafka was found it is refused without a wait
            park.accept(Math.min(pauseNanos, leftNanos));
            pauseNanos *= 2;
            receipt = outmail.publish(event);
            leftNanos = deadlineNanos - nanoTime.getAsLong();
        }
        return receipt;
    }

    /// Whether Kafka's client waited for a while, for room in its buffer or for Kafka to be found.
    private static boolean hadNoRoom(CompletableFuture<Receipt.Queued> receipt) {
        return receipt.isCompletedExceptionally()
                && receipt.exceptionNow().getCause() instanceof TimeoutException;
    }

    /// What Kafka said to the last message.
    Optional<String> trouble() {
        return trouble;
    }

    private static String place(Receipt.Queued receipt) {
        return receipt.topic() + " " + receipt.partition() + "@" + receipt.offset();
    }

    private static byte[] joined(String field, byte[] message) {
        byte[] first = field.getBytes(StandardCharsets.US_ASCII);
        byte[] joined = new byte[first.length + message.length];
        System.arraycopy(first, 0, joined, 0, first.length);
        System.arraycopy(message, 0, joined, first.length, message.length);
        return joined;
    }
}
