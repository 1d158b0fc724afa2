/// A real Kafka broker for tests: shared ([KafkaBroker]), or one that may be killed
/// ([KafkaProcess]).
@NullMarked
package dev.outmail.testkit.kafka;

import org.jspecify.annotations.NullMarked;
