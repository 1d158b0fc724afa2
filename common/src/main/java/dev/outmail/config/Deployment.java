package dev.outmail.config;

import dev.outmail.kafka.KafkaClients;
import dev.outmail.kafka.Topics;
import dev.outmail.mail.EventLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/// What an operator says once, at deployment. It never comes from the settings topic.
///
/// @param kafka what goes to the Kafka clients, without the prefix `kafka.`
/// @param limits what an event may be at most
/// @param sendmail the native mailer's command, an absolute path
/// @param smtpLocalhost the name that the worker gives in EHLO
public record Deployment(
        Map<String, String> kafka,
        Topics topics,
        EventLimits limits,
        WorkerOptions worker,
        Http http,
        Path sendmail,
        String smtpLocalhost) {

    public Deployment {
        kafka = Map.copyOf(kafka);
    }

    /// Kafka clients whose ids start with the given role and the worker's id.
    public KafkaClients clients(String role) {
        return new KafkaClients(kafka, role + "-" + worker.id());
    }

    /// How a worker works.
    ///
    /// @param id the name that the log shows
    /// @param maxInFlight events in delivery at a time
    /// @param maxInFlightBytes the sum of their sizes
    /// @param drainTimeout how long a worker that stops lets deliveries under way finish
    public record WorkerOptions(
            String id, int maxInFlight, long maxInFlightBytes, Duration drainTimeout) {}

    /// Where the endpoints are.
    ///
    /// @param port 0 for any free one
    /// @param address the local address that the endpoints listen on
    public record Http(String address, int port) {}
}
