package dev.outmail.producer;

import dev.outmail.mail.EventId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/// One event on its way to Kafka. It ends in time, whatever Kafka's client does, and keeps no more
/// of the event than its id.
final class Publication implements Callback {
    private final EventId event;
    private final CompletableFuture<RecordMetadata> confirmed = new CompletableFuture<>();
    private final CompletableFuture<Receipt.Queued> receipt = new CompletableFuture<>();
    private final CompletableFuture<Void> settled;

    private volatile boolean handedOver;

    /// Until publishing returns.
    private volatile @Nullable Thread publisher = Thread.currentThread();

    Publication(EventId event) {
        this.event = event;
        this.settled = confirmed.handleAsync(this::settle, this::run);
    }

    EventId event() {
        return event;
    }

    /// What the application waits for, and may complete or cancel as it likes.
    CompletableFuture<Receipt.Queued> receipt() {
        return receipt;
    }

    /// Done when the application was told.
    CompletableFuture<Void> settled() {
        return settled;
    }

    /// Whether it is known what became of it.
    boolean isDone() {
        return confirmed.isDone();
    }

    boolean isConfirmed() {
        return confirmed.isDone() && !confirmed.isCompletedExceptionally();
    }

    /// Kafka's client is about to have it.
    void handOver() {
        handedOver = true;
    }

    boolean isHandedOver() {
        return handedOver;
    }

    /// Why it failed, where it did.
    Optional<Throwable> failure() {
        return confirmed.isCompletedExceptionally()
                ? Optional.of(confirmed.exceptionNow())
                : Optional.empty();
    }

    @Override
    public void onCompletion(@Nullable RecordMetadata metadata, @Nullable Exception failure) {
        if (metadata != null && failure == null) {
            confirmed.complete(metadata);
        } else {
            fail(failure == null ? new IllegalStateException("no answer") : failure);
        }
    }

    void fail(Exception failure) {
        confirmed.completeExceptionally(failure);
    }

    /// Publishing is about to return.
    void sent() {
        publisher = null;
    }

    /// What is refused at once is known when publishing returns. All else is told on threads of its
    /// own: what an application does next must not hold up Kafka's thread, and with it all others.
    @SuppressWarnings("ReferenceEquality") // a thread is itself and no other
    private void run(Runnable task) {
        if (Thread.currentThread() == publisher) {
            task.run();
        } else {
            Thread.ofVirtual().name("outmail-receipt").start(task);
        }
    }

    private @Nullable Void settle(@Nullable RecordMetadata metadata, @Nullable Throwable failure) {
        if (metadata != null) {
            receipt.complete(
                    new Receipt.Queued(metadata.topic(), metadata.partition(), metadata.offset()));
        } else {
            receipt.completeExceptionally(notAccepted(failure));
        }
        return null;
    }

    private MailNotAccepted notAccepted(@Nullable Throwable failure) {
        var why =
                failure == null || failure instanceof TimeoutException
                        ? "no answer in time"
                        : failure.getMessage();
        return new MailNotAccepted(
                "Kafka did not confirm the event " + event + ": " + why, List.of(event), failure);
    }
}
