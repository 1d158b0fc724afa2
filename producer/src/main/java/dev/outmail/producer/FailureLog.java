package dev.outmail.producer;

import dev.outmail.mail.EventId;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Says that Kafka does not confirm events, at once and then every ten seconds, not for each one:
/// who published them is told anyway, and a Kafka that is away would fill the application's log.
final class FailureLog {
    private static final Logger log = LoggerFactory.getLogger(FailureLog.class);
    private static final long INTERVAL_NANOS = Duration.ofSeconds(10).toNanos();

    private final AtomicLong failures = new AtomicLong();
    private final AtomicLong nextLineNanos = new AtomicLong(System.nanoTime());

    void failed(EventId event, Throwable failure) {
        failures.incrementAndGet();
        long now = System.nanoTime();
        long due = nextLineNanos.get();
        if (now - due >= 0 && nextLineNanos.compareAndSet(due, now + INTERVAL_NANOS)) {
            log.atWarn()
                    .addKeyValue("events", failures.getAndSet(0))
                    .addKeyValue("last", event)
                    .addKeyValue("cause", failure.toString())
                    .log("Kafka does not confirm events");
        }
    }
}
