/// A real Kafka broker inside this JVM.
///
/// The way in is [EmbeddedBroker]; [BrokerMain] is the same broker as a program of its own.
@NullMarked
package dev.outmail.broker;

import org.jspecify.annotations.NullMarked;
