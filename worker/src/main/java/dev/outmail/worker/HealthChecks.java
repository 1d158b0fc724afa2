package dev.outmail.worker;

import dev.outmail.delivery.MeansState;
import dev.outmail.delivery.Reason;
import dev.outmail.endpoints.Health;
import dev.outmail.endpoints.Health.Part;
import dev.outmail.settings.SettingsTail;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// Looks at what is known of the worker's parts. It asks nobody and waits for nobody.
final class HealthChecks {
    /// Far longer than anything that the intake waits for.
    private static final Duration STUCK = Duration.ofMinutes(5);

    private final BooleanSupplier ended;
    private final Intake intake;
    private final KafkaWatch kafka;
    private final Access access;
    private final SettingsTail settings;
    private final SealedPasswords passwords;
    private final Supplier<List<MeansState>> means;

    HealthChecks(
            BooleanSupplier ended,
            Intake intake,
            KafkaWatch kafka,
            Access access,
            SettingsTail settings,
            SealedPasswords passwords,
            Supplier<List<MeansState>> means) {
        this.ended = ended;
        this.intake = intake;
        this.kafka = kafka;
        this.access = access;
        this.settings = settings;
        this.passwords = passwords;
        this.means = means;
    }

    /// Whether it is worth while to let the worker go on.
    Health live() {
        return Health.of(worker());
    }

    /// Whether the worker does its work, or would if there were any.
    Health ready() {
        return ended.getAsBoolean()
                ? live()
                : Health.of(
                        worker(),
                        kafka(),
                        access(),
                        partitions(),
                        settings(),
                        passwords(),
                        servers());
    }

    private Part worker() {
        if (ended.getAsBoolean()) {
            return Part.down("worker", "ended");
        }
        var still = intake.sinceLastTurn();
        return still.compareTo(STUCK) > 0
                ? Part.down("worker", "the intake hangs for " + still.toSeconds() + " s")
                : Part.up("worker", "alive");
    }

    private Part kafka() {
        return kafka.isAnswering()
                ? Part.up("kafka", "answers")
                : Part.down("kafka", "no answer for " + kafka.sinceAnswer().toSeconds() + " s");
    }

    private Part access() {
        return access.trouble()
                .map(trouble -> Part.down("access", trouble))
                .orElseGet(() -> Part.up("access", "Kafka forbids nothing that is known"));
    }

    private Part partitions() {
        int held = intake.partitions().size();
        if (!intake.isMember()) {
            return Part.down("partitions", "not a member of the workers' group");
        }
        return Part.up("partitions", held == 0 ? "standing by" : held + " partitions held");
    }

    private Part settings() {
        if (!settings.hasRead()) {
            return Part.down("settings", "the settings were not read yet");
        }
        if (settings.snapshot().isEmpty()) {
            return Part.down(
                    "settings", "there are no settings; save some with: outmail settings set");
        }
        var unusable = settings.snapshot().unusable();
        if (!unusable.isEmpty()) {
            return Part.down(
                    "settings",
                    "the settings of these profiles can't be used with the locks of this deployment,"
                            + " and their mail is held: "
                            + unusable);
        }
        var refused = settings.refused();
        return refused.isEmpty()
                ? Part.up("settings", "settings read")
                : Part.degraded("settings", "what was saved last is no settings: " + refused);
    }

    private Part passwords() {
        return passwords
                .trouble()
                .map(trouble -> Part.down("passwords", trouble))
                .orElseGet(() -> Part.up("passwords", "all sealed ones open"));
    }

    /// A server that is down makes no worker useless: its mail waits, that of others goes.
    private Part servers() {
        var troubled = means.get().stream().filter(one -> one.trouble() != null).toList();
        return troubled.isEmpty()
                ? Part.up("servers", "none is left alone")
                : Part.degraded(
                        "servers",
                        troubled.stream()
                                .map(one -> one.name() + ": " + reason(one).wireName())
                                .collect(Collectors.joining(", ")));
    }

    private static Reason reason(MeansState troubled) {
        return Objects.requireNonNull(troubled.trouble());
    }
}
