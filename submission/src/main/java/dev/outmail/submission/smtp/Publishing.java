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
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.apache.kafka.common.errors.TimeoutException;

/// Publishes messages, and remembers how that went last. For many threads.
final class Publishing implements Destination {
    /// As long as Kafka's client takes to give up by itself.
    private static final Duration PATIENCE = Duration.ofSeconds(4);

    private static final Duration PAUSE = Duration.ofMillis(100);

    private final Outmail outmail;
    private final Submission submission;
    private final LongSupplier nanoTime;
    private volatile Optional<String> trouble = Optional.empty();

    Publishing(Outmail outmail, Submission submission, LongSupplier nanoTime) {
        this.outmail = outmail;
        this.submission = submission;
        this.nanoTime = nanoTime;
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
        long started = nanoTime.getAsLong();
        var receipt = outmail.publish(event);
        while (hadNoRoom(receipt) && nanoTime.getAsLong() - started < PATIENCE.toNanos()) {
            // before Kafka was found it is refused without a wait
            LockSupport.parkNanos(PAUSE.toNanos());
            receipt = outmail.publish(event);
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
