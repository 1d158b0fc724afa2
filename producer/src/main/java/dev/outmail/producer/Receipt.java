package dev.outmail.producer;

import dev.outmail.delivery.RecipientVerdict;
import java.util.List;

/// What became of a mail.
public sealed interface Receipt {

    /// Kafka has it safely; a worker delivers it.
    record Queued(String topic, int partition, long offset) implements Receipt {}

    /// Every recipient was accepted.
    ///
    /// @param server which took it
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
}
