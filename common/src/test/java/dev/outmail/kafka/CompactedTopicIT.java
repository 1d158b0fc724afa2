package dev.outmail.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.testkit.kafka.KafkaBroker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class CompactedTopicIT {
    @RegisterExtension static final KafkaBroker KAFKA = new KafkaBroker();

    /// A million records come by the hundreds.
    @Test
    void aTopicMayTakeMorePollsThanAreWaitedForNothing() {
        var topic = KAFKA.createTopic(KAFKA.topic("many"), 1, Map.of("cleanup.policy", "compact"));
        for (int number = 0; number < 50; number++) {
            KAFKA.send(topic, "key-" + number, "value");
        }
        var clients =
                new KafkaClients(Map.of("bootstrap.servers", KAFKA.bootstrapServers()), "test");
        var offsets = new ArrayList<Long>();

        try (var consumer = clients.consumer("many", Map.of("max.poll.records", "1"))) {
            new CompactedTopic(consumer, topic, record -> offsets.add(record.offset()))
                    .readToEnd(Duration.ofSeconds(2));
        }

        assertThat(offsets).hasSize(50).last().isEqualTo(49L);
    }
}
