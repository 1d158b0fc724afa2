package dev.outmail.producer;

import dev.outmail.delivery.RecipientVerdict;
import java.util.List;

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
}
