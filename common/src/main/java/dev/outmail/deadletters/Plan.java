package dev.outmail.deadletters;

import org.apache.kafka.clients.producer.ProducerRecord;

/// How an action on one letter is to be done, or why it is not.
sealed interface Plan {
    /// Publish this, and when that is acknowledged write down what was done. A process that dies
    /// between the two leaves a letter that looks open: doing it again publishes the same attempt,
    /// which is a duplicate. The other way round, mail would be lost.
    record Publish(ProducerRecord<byte[], byte[]> record) implements Plan {}

    /// Write down what was done; there is nothing to publish.
    record WriteDown() implements Plan {}

    /// Somebody did something about the letter before.
    record Settled(Resolution before) implements Plan {}

    record Refused(String why) implements Plan {}
}
