package dev.outmail.spring;

import dev.outmail.producer.Outmail;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/// Up where Kafka answers and the settings were read. A profile whose settings can't be used is
/// told and makes nothing down: its mail is taken, and held.
final class OutmailHealthIndicator implements HealthIndicator {
    private final Outmail outmail;

    OutmailHealthIndicator(Outmail outmail) {
        this.outmail = outmail;
    }

    @Override
    public Health health() {
        var known = outmail.health();
        var health = known.kafkaAnswers() && known.settingsRead() ? Health.up() : Health.down();
        health.withDetail("kafka", known.kafkaAnswers() ? "answers" : "does not answer")
                .withDetail("settings", known.settingsRead() ? "read" : "not read yet")
                .withDetail("revisions", known.revisions());
        if (!known.unusable().isEmpty()) {
            health.withDetail("unusable", known.unusable());
        }
        return health.build();
    }
}
