package dev.outmail.spring;

import dev.outmail.mail.MailEvent;
import dev.outmail.producer.Receipt;
import dev.outmail.spring.MailNotSent.Why;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.TransactionSynchronization;

/// A mail that waits for the end of the transaction that it was sent in. Of the transaction's
/// thread, but for what comes of sending.
///
/// It acts after completion, not after commit: so what others send once the transaction has
/// committed is not forgotten, and nobody takes a mail that was not sent for a transaction that
/// failed.
final class AfterCommit<R extends Receipt> implements TransactionSynchronization {
    private static final Logger log = LoggerFactory.getLogger(AfterCommit.class);

    private final MailEvent event;
    private final Supplier<CompletableFuture<R>> sending;
    private final ApplicationEventPublisher listeners;

    /// The application's: whatever it does to it, the mail goes its way.
    private final CompletableFuture<R> outcome = new CompletableFuture<>();

    /// Those made after this mail was sent: going back to another one takes the mail back.
    private final Set<Object> savepoints = Collections.newSetFromMap(new IdentityHashMap<>());

    private boolean takenBack;

    AfterCommit(
            MailEvent event,
            Supplier<CompletableFuture<R>> sending,
            ApplicationEventPublisher listeners) {
        this.event = event;
        this.sending = sending;
        this.listeners = listeners;
    }

    /// Cancelled where the mail was taken back.
    CompletableFuture<R> outcome() {
        return outcome;
    }

    @Override
    public void savepoint(Object savepoint) {
        savepoints.add(savepoint);
    }

    @Override
    public void savepointRollback(Object savepoint) {
        if (!savepoints.contains(savepoint)) {
            takeBack();
        }
    }

    private void takeBack() {
        takenBack = true;
        outcome.cancel(false);
    }

    @Override
    public void afterCompletion(int status) {
        if (takenBack) {
            return;
        }
        switch (status) {
            case STATUS_COMMITTED -> send();
            case STATUS_ROLLED_BACK -> takeBack();
            default -> failed(Why.COMMIT_UNKNOWN, unknown());
        }
    }

    private void send() {
        try {
            var unused =
                    sending.get()
                            .whenComplete((receipt, failure) -> {
                                if (failure == null) {
                                    outcome.complete(receipt);
                                } else {
                                    failed(Why.of(failure), failure);
                                }
                            });
        } catch (RuntimeException e) {
            failed(Why.of(e), e);
        }
    }

    private TransactionSystemException unknown() {
        return new TransactionSystemException(
                "not sent, as nobody knows whether its transaction committed: " + event.id());
    }

    private void failed(Why why, Throwable failure) {
        outcome.completeExceptionally(failure);
        log.atError()
                .addKeyValue("event", event.id())
                .addKeyValue("why", why)
                .addKeyValue("cause", failure.toString())
                .log("A mail that waited for its transaction's commit was not sent, or not to all");
        // not on the thread of Kafka's client, nor in what is left of the transaction
        Thread.ofVirtual()
                .name("outmail-not-sent")
                .start(() -> listeners.publishEvent(new MailNotSent(event, why, failure)));
    }
}
