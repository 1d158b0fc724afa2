package dev.outmail.spring;

import java.util.Map;

/// What the application has said of Kafka to others.
@FunctionalInterface
interface SpringKafka {
    /// The keys of Kafka's clients that say where the brokers are and how to get to them.
    Map<String, String> keys();
}
