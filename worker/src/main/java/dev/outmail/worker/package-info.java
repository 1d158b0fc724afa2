/// The service: mail events in from Kafka, delivery, outcomes out.
@NullMarked
package dev.outmail.worker;

import org.jspecify.annotations.NullMarked;
