package dev.outmail.producer;

import dev.outmail.delivery.RecipientVerdict;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// What became of a mail.
public sealed interface Receipt {

    /// Kafka has it safely; a worker delivers it.
    record Queued(String topic, int partition, long offset) implements Receipt {}

    /// Every recipient was accepted, but for those whom the settings keep it from.
    ///
    /// @param server which took it
    /// @param recipients with what was said of each; `DROPPED` who was kept out
    record Delivered(String messageId, String server, List<RecipientVerdict> recipients)
            implements Receipt {
        public Delivered {
            recipients = List.copyOf(recipients);
        }
    }

    /// Shown in the mailing log, sent to nobody, as the settings say.
    record Silenced(String messageId) implements Receipt {}

    /// Not sent, as the settings say.
    record Dropped(String why) implements Receipt {}

    /// Nothing was sent yet: the transaction that this was asked for in has not committed. Only an
    /// Outmail that joins its application's transactions gives this, such as that of the starter
    /// for Spring Boot.
    ///
    /// @param outcome completed after the commit, with another receipt or exceptionally with what
    ///   `send` throws, and with another exception where nobody knows whether it committed;
    ///   cancelled when the transaction is rolled back. Whoever waits for it within the transaction
    ///   waits for ever
    record AwaitsCommit(CompletableFuture<Receipt> outcome) implements Receipt {}
}
