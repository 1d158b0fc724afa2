package dev.outmail.submission.smtp;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Supplier;

/// The meters of mail taken over SMTP. Their names and labels are public; docs/metrics.md has them.
/// No label is anything that a client says.
final class SmtpInMeters {
    private static final Duration[] UP_TO_SECONDS = {
        Duration.ofMillis(1),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(2_500),
        Duration.ofSeconds(5)
    };

    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final MeterProvider<Counter> connections =
            Counter.builder("outmail.smtp.in.connections")
                    .description("Connections, by how they ended")
                    .withRegistry(registry);
    private final MeterProvider<Counter> messages =
            Counter.builder("outmail.smtp.in.messages")
                    .description("Messages, by what became of them")
                    .withRegistry(registry);
    private final MeterProvider<Counter> logins =
            Counter.builder("outmail.smtp.in.logins")
                    .description("Logins, by how they ended")
                    .withRegistry(registry);
    private final Counter recipientsRefused =
            Counter.builder("outmail.smtp.in.recipients.refused")
                    .description("Recipients that can't be delivered to")
                    .register(registry);
    private final DistributionSummary size =
            DistributionSummary.builder("outmail.smtp.in.message.size")
                    .description("Messages accepted")
                    .baseUnit("bytes")
                    .register(registry);
    private final Timer acknowledged =
            Timer.builder("outmail.smtp.in.acknowledged")
                    .description("From the end of a message to Kafka's acknowledgement")
                    .serviceLevelObjectives(UP_TO_SECONDS)
                    .register(registry);

    /// How a connection ended.
    enum End {
        QUIT,
        /// Closed by the client, or lost, without QUIT.
        LOST,
        TOO_MANY,
        TIMEOUT,
        /// For what is no SMTP, or is an attack.
        ABUSE,
        SHUTDOWN
    }

    /// What became of a message.
    enum Verdict {
        ACCEPTED,
        /// By what it is, for good.
        REFUSED,
        TOO_LARGE,
        /// For want of memory; the client comes again.
        NO_ROOM,
        /// Kafka did not confirm it; the client comes again.
        UNCONFIRMED
    }

    /// How a login ended.
    enum Login {
        RIGHT,
        WRONG
    }

    SmtpInMeters(Supplier<Number> open, Supplier<Number> memoryLeft) {
        new JvmMemoryMetrics().bindTo(registry);
        Gauge.builder("outmail.smtp.in.connections.open", open)
                .description("Connections that are open")
                .register(registry);
        Gauge.builder("outmail.smtp.in.memory.left", memoryLeft)
                .description("Memory for messages on their way in")
                .baseUnit("bytes")
                .register(registry);
        for (var end : End.values()) {
            connections.withTag("end", name(end));
        }
        for (var verdict : Verdict.values()) {
            messages.withTag("result", name(verdict));
        }
        for (var login : Login.values()) {
            logins.withTag("result", name(login));
        }
    }

    private static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    void ended(End end) {
        connections.withTag("end", name(end)).increment();
    }

    void message(Verdict verdict) {
        messages.withTag("result", name(verdict)).increment();
    }

    void accepted(int bytes, Duration took) {
        message(Verdict.ACCEPTED);
        size.record(bytes);
        acknowledged.record(took);
    }

    void login(Login login) {
        logins.withTag("result", name(login)).increment();
    }

    void recipientRefused() {
        recipientsRefused.increment();
    }

    String scrape() {
        return registry.scrape();
    }
}
