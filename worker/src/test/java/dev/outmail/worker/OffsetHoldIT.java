package dev.outmail.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.settings.Connection;
import dev.outmail.settings.Settings;
import dev.outmail.testkit.Await;
import dev.outmail.testkit.kafka.KafkaBroker;
import dev.outmail.wire.OutcomeName;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class OffsetHoldIT {
    @RegisterExtension static final KafkaBroker KAFKA = new KafkaBroker();

    private Site site;

    @BeforeEach
    void prepare() throws InterruptedException {
        site = Site.with(KAFKA, 1);
    }

    @AfterEach
    void close() {
        site.close();
    }

    /// Else whoever has the partition next would read more again than the ledger remembers.
    @Test
    void aMailThatWaitsLetsGoOfItsOffsetBeforeTheLedgerForgets() throws Exception {
        int others = 400;
        site.start(Map.of("ledger.max-ids", "1000"));
        site.save(new Connection.Silent());
        site.publish(Site.mail("waits").profile("later"));
        for (int i = 0; i < others; i++) {
            site.publish(Site.mail("other-" + i));
        }

        site.awaitLogged(others, OutcomeName.SILENCED);

        site.save(new Connection.Silent()); // at which what waits is looked at
        var partition = new TopicPartition(site.topics().events(), 0);
        Await.until(
                Site.PATIENCE,
                () -> site.committed().getOrDefault(partition, 0L) > others,
                "the offset is past all that was published first");
        site.save("later", Settings.INITIAL.withConnection(new Connection.Silent()));
        site.awaitLogged(others + 1, OutcomeName.SILENCED);

        assertThat(site.log(OutcomeName.SILENCED))
                .hasSize(others + 1)
                .filteredOn(entry -> Site.isAbout(entry, "waits"))
                .hasSize(1);
        site.awaitAllCommitted();
    }
}
