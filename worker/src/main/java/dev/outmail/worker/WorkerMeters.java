package dev.outmail.worker;

import dev.outmail.delivery.LogEntries;
import dev.outmail.delivery.Outcome;
import dev.outmail.wire.OutcomeName;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/// The worker's meters. Their names are public.
final class WorkerMeters {
    private final Map<OutcomeName, Counter> outcomes = new EnumMap<>(OutcomeName.class);
    private final Timer delivery;
    private final MeterRegistry registry;

    WorkerMeters(MeterRegistry registry) {
        this.registry = registry;
        for (var name : OutcomeName.values()) {
            outcomes.put(
                    name,
                    Counter.builder("outmail.outcomes")
                            .description("Outcomes written to the mailing log")
                            .tag("outcome", name.wireName())
                            .register(registry));
        }
        delivery =
                Timer.builder("outmail.delivery")
                        .description("From an event's acceptance to its final outcome")
                        .publishPercentileHistogram()
                        .minimumExpectedValue(Duration.ofMillis(1))
                        .maximumExpectedValue(Duration.ofHours(1))
                        .register(registry);
    }

    void watch(
            IntSupplier inFlight,
            IntSupplier partitions,
            Supplier<Duration> oldestAge,
            IntSupplier refusedSettings) {
        Gauge.builder("outmail.settings.refused", refusedSettings::getAsInt)
                .description("Profiles whose last record is no settings: older ones count, or none")
                .register(registry);
        TimeGauge.builder(
                        "outmail.oldest.event.age",
                        () -> oldestAge.get().toMillis(),
                        TimeUnit.MILLISECONDS)
                .description("Since the oldest event was accepted that is in delivery")
                .register(registry);
        Gauge.builder("outmail.in.flight", inFlight::getAsInt)
                .description("Events in delivery")
                .register(registry);
        Gauge.builder("outmail.partitions", partitions::getAsInt)
                .description("Partitions of the events topic that this worker holds")
                .register(registry);
    }

    void outcome(Outcome outcome, Duration sinceAccepted) {
        outcome(LogEntries.name(outcome));
        if (outcome instanceof Outcome.Final) {
            delivery.record(sinceAccepted.isNegative() ? Duration.ZERO : sinceAccepted);
        }
    }

    void duplicate() {
        outcome(OutcomeName.DUPLICATE);
    }

    void malformed() {
        outcome(OutcomeName.MALFORMED);
    }

    private void outcome(OutcomeName name) {
        var counter = outcomes.get(name);
        if (counter != null) {
            counter.increment();
        }
    }
}
