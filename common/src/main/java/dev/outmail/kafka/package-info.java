/// The vocabulary of Kafka that all programs share: topics, client configuration, record headers.
@NullMarked
package dev.outmail.kafka;

import org.jspecify.annotations.NullMarked;
