package dev.outmail.worker;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Says so while there is time when events wait so long that Kafka may delete them undelivered:
/// from half the retention of their topic on. Each run is short and waits for nothing. Where the
/// worker may not ask for the topic's configuration, nothing is said.
final class RetentionWatch implements Runnable {
    static final Duration INTERVAL = Duration.ofSeconds(10);
    private static final Logger log = LoggerFactory.getLogger(RetentionWatch.class);

    private final Admin admin;
    private final ConfigResource topic;
    private final Supplier<Duration> oldestAge;
    private volatile long retentionMillis = Long.MAX_VALUE;
    private boolean said;

    /// @param topic the events
    /// @param oldestAge how long the oldest event that is not finished has waited
    RetentionWatch(Admin admin, String topic, Supplier<Duration> oldestAge) {
        this.admin = admin;
        this.topic = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        this.oldestAge = oldestAge;
    }

    @Override
    public void run() {
        var _ =
                admin.describeConfigs(List.of(topic))
                        .all()
                        .whenComplete((configs, failure) -> {
                            var config = failure == null ? configs.get(topic) : null;
                            if (config != null) {
                                retentionMillis = retention(config);
                            }
                        });
        var age = oldestAge.get();
        boolean late = age.toMillis() > retentionMillis / 2;
        if (late && !said) {
            log.atWarn()
                    .addKeyValue("topic", topic.name())
                    .addKeyValue("oldest", Duration.ofSeconds(age.toSeconds()))
                    .addKeyValue("retention", Duration.ofMillis(retentionMillis))
                    .log(
                            "Events wait for so long that Kafka may delete them undelivered; find out what they wait for, or raise the topic's retention.ms");
        }
        said = late;
    }

    private static long retention(Config config) {
        var entry = config.get(TopicConfig.RETENTION_MS_CONFIG);
        long millis = entry == null || entry.value() == null ? -1 : Long.parseLong(entry.value());
        return millis < 0 ? Long.MAX_VALUE : millis;
    }
}
