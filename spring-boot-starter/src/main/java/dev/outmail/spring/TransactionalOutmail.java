package dev.outmail.spring;

import dev.outmail.mail.MailEvent;
import dev.outmail.producer.Health;
import dev.outmail.producer.Outmail;
import dev.outmail.producer.Receipt;
import dev.outmail.producer.RecipientPreferences;
import dev.outmail.wire.EventCodec;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/// An Outmail that joins the transactions of its callers: what is sent or published within one
/// waits for its commit, and is forgotten when it is rolled back. An event that could not be
/// published is refused at once.
final class TransactionalOutmail implements Outmail {
    private final Outmail now;
    private final EventCodec codec;
    private final ApplicationEventPublisher listeners;

    /// @param now which sends without waiting for a commit
    /// @param listeners hear of each mail of a committed transaction that was not sent
    TransactionalOutmail(Outmail now, EventCodec codec, ApplicationEventPublisher listeners) {
        this.now = now;
        this.codec = codec;
        this.listeners = listeners;
    }

    @Override
    public Receipt send(MailEvent event) {
        return isInTransaction()
                ? new Receipt.AwaitsCommit(
                        join(event, () -> CompletableFuture.completedFuture(now.send(event))))
                : now.send(event);
    }

    @Override
    public CompletableFuture<Receipt.Queued> publish(MailEvent event) {
        return isInTransaction() ? join(event, () -> now.publish(event)) : now.publish(event);
    }

    private <R extends Receipt> CompletableFuture<R> join(
            MailEvent event, Supplier<CompletableFuture<R>> sending) {
        var mail = new AfterCommit<>(codec.checked(event), sending, listeners);
        TransactionSynchronizationManager.registerSynchronization(mail);
        return mail.outcome();
    }

    private static boolean isInTransaction() {
        return TransactionSynchronizationManager.isSynchronizationActive()
                && TransactionSynchronizationManager.isActualTransactionActive();
    }

    /// In this call, whatever the transaction comes to.
    @Override
    public Receipt deliverNow(MailEvent event) {
        return now.deliverNow(event);
    }

    @Override
    public RecipientPreferences preferences() {
        return now.preferences();
    }

    @Override
    public Health health() {
        return now.health();
    }

    @Override
    public void close() {
        now.close();
    }
}
