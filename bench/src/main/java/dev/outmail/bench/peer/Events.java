package dev.outmail.bench.peer;

import dev.outmail.bench.letter.Batch;
import dev.outmail.bench.letter.Letter;
import dev.outmail.mail.MailEvent;
import dev.outmail.producer.Outmail;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Mails as Outmail's events.
public final class Events {
    private static final int UNCONFIRMED = 1_000;

    private Events() {}

    public static MailEvent event(Letter letter) {
        var event =
                MailEvent.builder()
                        .source("/bench")
                        .id("task-" + letter.number())
                        .from(letter.from())
                        .to(letter.to())
                        .subject(letter.subject())
                        .text(letter.text())
                        .html(letter.html());
        var attachment = letter.attachment();
        if (attachment != null) {
            event.attachment(Letter.ATTACHMENT_NAME, Letter.ATTACHMENT_TYPE, attachment);
        }
        return event.build();
    }

    /// Publishes a batch and returns when Kafka has all of it.
    ///
    /// @throws IllegalStateException when Kafka did not take a mail: what follows it is not begun
    public static void publish(Outmail mail, Batch batch) throws InterruptedException {
        var permits = new Semaphore(UNCONFIRMED);
        var refused = new AtomicReference<@Nullable Throwable>();
        var letter = batch.next();
        while (letter.isPresent() && refused.get() == null) {
            permits.acquire();
            var _ =
                    mail.publish(event(letter.get()))
                            .whenComplete((receipt, failure) -> {
                                if (failure != null) {
                                    refused.compareAndSet(null, failure);
                                }
                                permits.release();
                            });
            letter = batch.next();
        }
        permits.acquire(UNCONFIRMED);
        if (refused.get() != null) {
            throw new IllegalStateException("a mail was not accepted", refused.get());
        }
    }
}
