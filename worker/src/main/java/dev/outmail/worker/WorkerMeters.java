package dev.outmail.worker;

import dev.outmail.delivery.LogEntries;
import dev.outmail.delivery.Outcome;
import dev.outmail.delivery.Reason;
import dev.outmail.delivery.Transports;
import dev.outmail.fleet.Member;
import dev.outmail.kafka.DelayTier;
import dev.outmail.settings.SettingsTail;
import dev.outmail.wire.OutcomeName;
import dev.outmail.worker.OutcomeWriter.Ended;
import dev.outmail.worker.delay.DelayLine;
import dev.outmail.worker.ledger.Ledgers;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The worker's meters. Their names and labels are public; docs/metrics.md has them. No label is
/// anything that a recipient, a sender or a server says.
final class WorkerMeters {
    private static final Duration[] UP_TO_DAYS = {
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(2_500),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofMinutes(1),
        Duration.ofMinutes(5),
        Duration.ofMinutes(15),
        Duration.ofHours(1),
        Duration.ofHours(6),
        Duration.ofDays(1),
        Duration.ofDays(5)
    };
    private static final Duration[] UP_TO_MINUTES = {
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
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofMinutes(1),
        Duration.ofMinutes(5),
        Duration.ofMinutes(10)
    };

    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final ProfileLabels profiles;
    private final MeterProvider<Counter> outcomes;
    private final MeterProvider<Counter> retries;
    private final MeterProvider<Counter> inDoubt;
    private final MeterProvider<Counter> deadLetters;
    private final MeterProvider<Timer> delivery;
    private final MeterProvider<Timer> attempt;
    private final Timer ledgerRestore;
    private final Map<String, AtomicLong> lastSentMillis = new ConcurrentHashMap<>();
    private final List<Runnable> onScrape = new ArrayList<>();

    WorkerMeters(String worker, SettingsTail settings) {
        profiles = new ProfileLabels(settings::snapshot, this::begin);
        outcomes =
                Counter.builder("outmail.outcomes")
                        .description("Outcomes written to the mailing log")
                        .withRegistry(registry);
        retries =
                Counter.builder("outmail.retries")
                        .description("Events put off to be attempted again")
                        .withRegistry(registry);
        inDoubt =
                Counter.builder("outmail.in.doubt")
                        .description("Attempts of which nobody knows whether the server took them")
                        .withRegistry(registry);
        deadLetters =
                Counter.builder("outmail.dead.letters")
                        .description("Dead letters written")
                        .withRegistry(registry);
        delivery =
                Timer.builder("outmail.delivery")
                        .description("From an event's acceptance to its final outcome")
                        .serviceLevelObjectives(UP_TO_DAYS)
                        .withRegistry(registry);
        attempt =
                Timer.builder("outmail.attempt")
                        .description("From an attempt's begin to its outcome")
                        .serviceLevelObjectives(UP_TO_MINUTES)
                        .withRegistry(registry);
        ledgerRestore =
                Timer.builder("outmail.ledger.restore")
                        .description("From a partition's assignment until its ledger was read")
                        .serviceLevelObjectives(UP_TO_MINUTES)
                        .register(registry);
        Gauge.builder("outmail.info", () -> 1)
                .description("Who this is")
                .tag("worker", worker)
                .tag("version", Member.ownVersion())
                .register(registry);
        Gauge.builder("outmail.settings.refused", () -> settings.refused().size())
                .description("Profiles whose last record is no settings: older ones count, or none")
                .register(registry);
        begin(ProfileLabels.OTHER);
        deadLetters.withTag("profile", ProfileLabels.NONE);
    }

    /// What is counted of a profile is there as 0 before the first one: an increase from nothing is
    /// none to those who watch.
    private void begin(String profile) {
        retries.withTag("profile", profile);
        deadLetters.withTag("profile", profile);
        inDoubt.withTags("profile", profile, "next", "resend");
        inDoubt.withTags("profile", profile, "next", "held");
    }

    // what is looked at when it is asked for

    void watch(Intake intake, Lanes lanes, Ledgers ledgers) {
        Gauge.builder("outmail.in.flight", intake::inFlight)
                .description("Events in delivery")
                .register(registry);
        Gauge.builder("outmail.partitions", () -> intake.partitions().size())
                .description("Partitions of the events topic that this worker holds")
                .register(registry);
        var ages =
                MultiGauge.builder("outmail.oldest.event.age")
                        .description("Since the oldest event was accepted that is not finished")
                        .baseUnit("seconds")
                        .register(registry);
        var lags =
                MultiGauge.builder("outmail.lag.events")
                        .description("Events that are not finished, read or not")
                        .register(registry);
        onScrape.add(() -> {
            ages.register(
                    Rows.of(
                            lanes.all(),
                            "partition",
                            Lanes.Lane::partition,
                            lane -> seconds(lane.age())),
                    true);
            lags.register(
                    Rows.of(lanes.all(), "partition", Lanes.Lane::partition, Lanes.Lane::events),
                    true);
        });
        Gauge.builder("outmail.ledger.ids", ledgers::size)
                .description("Events that the ledgers of this worker's partitions remember")
                .register(registry);
        Gauge.builder("outmail.ledger", ledgers::bytes)
                .description("Memory that they take")
                .baseUnit("bytes")
                .register(registry);
        Gauge.builder("outmail.ledger.restoring", ledgers::restoring)
                .description(
                        "Partitions whose ledger is being read, so that none of their events is taken")
                .register(registry);
    }

    void watch(DelayLine delayLine) {
        for (var tier : DelayTier.values()) {
            Gauge.builder("outmail.delayed.events", () -> delayLine.waiting(tier))
                    .description(
                            "Events that wait in the partitions of a delay topic that this worker holds")
                    .tag("delay", tier.written())
                    .register(registry);
        }
        TimeGauge.builder(
                        "outmail.delay.next.due.timestamp",
                        () -> delayLine.nextDue().map(WorkerMeters::millis).orElse(Double.NaN),
                        TimeUnit.MILLISECONDS)
                .description("When the next of them is due that is known of")
                .register(registry);
    }

    private static double millis(Instant instant) {
        return instant.toEpochMilli();
    }

    void watch(Transports transports) {
        var servers = new ServerMeters(registry);
        var revisions =
                MultiGauge.builder("outmail.settings.revision")
                        .description("The revision that all attempts under way go by")
                        .register(registry);
        onScrape.add(() -> {
            servers.update(transports.states());
            var applied = transports.applied();
            var known = profiles.all().stream().filter(applied::containsKey).toList();
            revisions.register(
                    Rows.of(
                            known,
                            "profile",
                            profile -> profile,
                            it -> applied.getOrDefault(it, 0L)),
                    true);
        });
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1_000.0;
    }

    /// All meters, as Prometheus reads them.
    synchronized String scrape() {
        onScrape.forEach(Runnable::run);
        return registry.scrape();
    }

    PrometheusMeterRegistry registry() {
        return registry;
    }

    // what happens

    /// Counts an outcome that was written down.
    void ended(Ended ended) {
        var outcome = ended.outcome();
        var name = LogEntries.name(outcome).wireName();
        var profile = ended.mail().event().profile();
        var end = ended.startedAt().plus(ended.took());
        outcome(profile, LogEntries.name(outcome), outcome.reason());
        if (isAttempt(outcome)) {
            attempt.withTag("outcome", name).record(positive(ended.took()));
        }
        if (outcome instanceof Outcome.Final) {
            var took = positive(Duration.between(ended.mail().acceptedAt(), end));
            delivery.withTag("outcome", name).record(took);
        }
        switch (outcome) {
            case Outcome.Sent _ -> sent(profiles.of(profile), end);
            case Outcome.InDoubt _ -> inDoubt(profile, "resend");
            case Outcome.HeldInDoubt _ -> inDoubt(profile, "held");
            case Outcome.Final _, Outcome.Open _ -> {}
        }
    }

    /// Whether something was handed to a means of delivery, by this worker.
    private static boolean isAttempt(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Sent _, Outcome.Silenced _, Outcome.Rejected _ -> true;
            case Outcome.Deferred _, Outcome.Troubled _ -> true;
            case Outcome.InDoubt _, Outcome.HeldInDoubt _ -> outcome.reason() != Reason.WORKER_LOST;
            case Outcome.Expired expired -> expired.lastAttempt() != null;
            case Outcome.Dropped _, Outcome.Paused _, Outcome.Held _, Outcome.NotYet _ -> false;
        };
    }

    private static Duration positive(Duration duration) {
        return duration.isNegative() ? Duration.ZERO : duration;
    }

    private void sent(String profile, Instant at) {
        lastSentMillis
                .computeIfAbsent(profile, this::lastSent)
                .accumulateAndGet(at.toEpochMilli(), Math::max);
    }

    private AtomicLong lastSent(String profile) {
        var millis = new AtomicLong();
        TimeGauge.builder("outmail.last.sent.timestamp", millis::get, TimeUnit.MILLISECONDS)
                .description("When a server or mailer took a mail last")
                .tag("profile", profile)
                .register(registry);
        return millis;
    }

    private void inDoubt(String profile, String next) {
        inDoubt.withTags("profile", profiles.of(profile), "next", next).increment();
    }

    /// An event was put off to be attempted again.
    void retry(String profile) {
        retries.withTag("profile", profiles.of(profile)).increment();
    }

    /// @param profile null for a record that is no event
    void deadLetter(@Nullable String profile) {
        deadLetters.withTag("profile", profiles.of(profile)).increment();
    }

    void duplicate(String profile) {
        outcome(profile, OutcomeName.DUPLICATE, Reason.DUPLICATE);
    }

    void malformed() {
        outcome(null, OutcomeName.MALFORMED, Reason.MALFORMED);
    }

    private void outcome(@Nullable String profile, OutcomeName name, Reason reason) {
        outcomes.withTags(
                        "profile", profiles.of(profile),
                        "outcome", name.wireName(),
                        "reason", reason.wireName())
                .increment();
    }

    /// Times how long a ledger is read, until what is returned is run.
    Runnable ledgerRestore() {
        var reading = Timer.start(registry);
        return () -> reading.stop(ledgerRestore);
    }
}
