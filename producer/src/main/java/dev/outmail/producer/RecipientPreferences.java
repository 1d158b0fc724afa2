package dev.outmail.producer;

import dev.outmail.mail.InvalidAddress;
import dev.outmail.settings.Timing;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;

/// What recipients chose for themselves: when mail that is for them alone is delivered. It counts
/// for profiles whose settings let users choose, in all applications at once, and is kept where
/// they don't.
///
/// Addresses are as [dev.outmail.mail.EmailAddress] reads them, without a name. Of one recipient's
/// address, capital letters of the domain make no difference; those before the `@` do.
public interface RecipientPreferences {

    /// What the recipient chose. It is read from Kafka, up to what is there now; with a million
    /// recipients that takes a second or two.
    ///
    /// @throws InvalidAddress if that is none
    /// @throws KafkaException when Kafka did not answer
    Optional<Timing> show(String address);

    /// Sets what the recipient chose, in place of what was chosen before. Returns when Kafka has it
    /// safely; applications go by it a moment later.
    ///
    /// @throws InvalidAddress if that is none
    /// @throws KafkaException when it is not known within some seconds whether Kafka has it; it may
    ///   be repeated
    void set(String address, Timing timing);

    /// Takes back what the recipient chose: the profile's timing counts again.
    ///
    /// @throws InvalidAddress if that is none
    /// @throws KafkaException when it is not known within some seconds whether Kafka has it; it may
    ///   be repeated
    void clear(String address);
}
