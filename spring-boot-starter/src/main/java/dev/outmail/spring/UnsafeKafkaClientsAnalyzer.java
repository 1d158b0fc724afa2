package dev.outmail.spring;

import dev.outmail.producer.UnsafeKafkaClients;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/// Says where Spring Boot has the version of kafka-clients from.
final class UnsafeKafkaClientsAnalyzer extends AbstractFailureAnalyzer<UnsafeKafkaClients> {
    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, UnsafeKafkaClients cause) {
        return new FailureAnalysis(
                String.valueOf(cause.getMessage()),
                "Set the property kafka.version of the build to 4.3.1: Spring Boot's parent and"
                        + " plug-in take the version of kafka-clients from it.",
                cause);
    }
}
