package dev.outmail.producer;

import dev.outmail.config.Deployment;
import dev.outmail.config.DeploymentReader;
import dev.outmail.mail.InvalidMailEvent;
import dev.outmail.mail.MailEvent;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/// Outgoing mail, taken off an application's hands. Safe for many threads; one per application is
/// enough.
///
/// ```java
/// try (Outmail mail = Outmail.connect(Map.of("kafka.bootstrap.servers", "localhost:9092"))) {
///     Receipt receipt = mail.send(MailEvent.builder().id("task-42").to("Ada <ada@example.org>")
///             .subject("You have a new task").text("…").build());
/// }
/// ```
public interface Outmail extends AutoCloseable {

    /// Connects, without waiting for Kafka to answer.
    ///
    /// @param config the keys of a deployment, at least `kafka.bootstrap.servers`; environment
    ///   variables such as `OUTMAIL_KAFKA_BOOTSTRAP_SERVERS` count more
    /// @throws dev.outmail.config.InvalidDeployment with everything that is wrong with the config
    /// @throws UnsafeKafkaClients when the application runs with a version of kafka-clients that
    ///   could lose mail
    /// @throws org.apache.kafka.common.KafkaException where no host of `kafka.bootstrap.servers`
    ///   has an address, or Kafka's client does not take another of the `kafka.*` keys
    static Outmail connect(Map<String, String> config) {
        return connect(DeploymentReader.read(config, System.getenv()));
    }

    /// Connects as a deployment says that was read before.
    ///
    /// @throws UnsafeKafkaClients when the application runs with a version of kafka-clients that
    ///   could lose mail
    /// @throws org.apache.kafka.common.KafkaException where no host of `kafka.bootstrap.servers`
    ///   has an address, or Kafka's client does not take another of the `kafka.*` keys
    static Outmail connect(Deployment deployment) {
        return KafkaOutmail.connect(deployment);
    }

    /// Sends by the timing that the admin has set, or that the mail's only recipient chose where
    /// the settings let users choose: returns [Receipt.Queued] in the background, or one of the
    /// others when delivered instantly. In the background it blocks for 500 ms at most.
    ///
    /// @throws InvalidMailEvent when the event is larger than this deployment takes
    /// @throws MailException when it was not sent, or when that is not known; its type says which
    Receipt send(MailEvent event);

    /// Publishes for delivery in the background, whatever the timing is. Blocks for 500 ms at most,
    /// while the 32 MB for what waits for Kafka are full. While Kafka has not been found yet, as in
    /// a program that has just started, the event waits for that, like all others for 5 s at most.
    ///
    /// @return completed when Kafka has the event safely, or exceptionally with [MailNotAccepted];
    ///   in either way within 5 s
    /// @throws InvalidMailEvent when the event is larger than this deployment takes
    CompletableFuture<Receipt.Queued> publish(MailEvent event);

    /// Delivers now, in this thread, whatever the timing is. It takes as long as the mail server
    /// does, and never longer than 5 s for settings that were not read yet, 30 s for one of the
    /// server's connections, and 30 s more than `smtp.final-dot-timeout` (10 minutes) for the rest.
    ///
    /// @throws InvalidMailEvent when the event is larger than this deployment takes
    /// @throws MailException when it was not delivered, or when that is not known; it is not tried
    ///   again by anyone
    Receipt deliverNow(MailEvent event);

    /// What recipients chose for themselves, to be shown and changed.
    RecipientPreferences preferences();

    /// How it stands with Kafka and the settings. It asks nobody and waits for nobody.
    Health health();

    /// Waits up to 5 s for what was published and logged. A program that ends without having closed
    /// this waits as long, and names through slf4j what was not confirmed.
    ///
    /// @throws MailNotAccepted with the ids of all events that Kafka had not confirmed by then;
    ///   whoever published them was told too
    @Override
    void close();
}
