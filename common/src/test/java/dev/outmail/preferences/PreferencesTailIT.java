package dev.outmail.preferences;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.kafka.KafkaClients;
import dev.outmail.kafka.Topics;
import dev.outmail.mail.EmailAddress;
import dev.outmail.settings.Timing;
import dev.outmail.testkit.Await;
import dev.outmail.testkit.kafka.KafkaBroker;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PreferencesTailIT {
    @RegisterExtension static final KafkaBroker KAFKA = new KafkaBroker();

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final EmailAddress ADA = EmailAddress.parse("ada@example.org");
    private static final EmailAddress BOB = EmailAddress.parse("bob@example.org");
    private static final EmailAddress EVE = EmailAddress.parse("eve@example.org");

    private final Topics topics = new Topics(KAFKA.prefix());
    private final KafkaClients clients =
            new KafkaClients(Map.of("bootstrap.servers", KAFKA.bootstrapServers()), "test");
    private final PreferencesStore store = new PreferencesStore(clients, topics);
    private final PreferencesTail tail = new PreferencesTail(clients, topics);
    private final Thread thread = Thread.ofPlatform().name("preferences").unstarted(tail);

    @BeforeEach
    void createTheTopic() {
        KAFKA.createTopic(topics.preferences(), 1, Map.of("cleanup.policy", "compact"));
    }

    @AfterEach
    void endTheTail() throws InterruptedException {
        store.close();
        tail.close();
        assertThat(!thread.isAlive() || thread.join(SOON)).isTrue();
    }

    @Test
    void whatIsThereIsReadAndWhatComesIsFollowed() throws InterruptedException {
        store.set(new Preference(ADA, Timing.IN_BACKGROUND));
        store.set(new Preference(BOB, Timing.IN_BACKGROUND));
        store.set(new Preference(ADA, Timing.INSTANTLY));
        store.set(new Preference(EVE, Timing.INSTANTLY));
        store.clear(EVE);
        assertThat(tail.preferences().timing(ADA)).as("not read yet").isEmpty();
        assertThat(tail.awaitRead(Duration.ZERO)).isFalse();

        start();

        assertThat(tail.preferences().timing(ADA)).contains(Timing.INSTANTLY);
        assertThat(tail.preferences().timing(BOB)).contains(Timing.IN_BACKGROUND);
        assertThat(tail.preferences().timing(EVE)).isEmpty();

        store.set(new Preference(EVE, Timing.IN_BACKGROUND));
        await(EVE, Optional.of(Timing.IN_BACKGROUND));
        store.clear(ADA);
        await(ADA, Optional.empty());
        assertThat(tail.preferences().size()).isEqualTo(2);
    }

    @Test
    void malformedRecordsAreIgnored() throws InterruptedException {
        store.set(new Preference(ADA, Timing.INSTANTLY));
        KAFKA.send(topics.preferences(), ADA.toString(), "{\"timing\":\"now\"}");
        KAFKA.send(topics.preferences(), "bob@EXAMPLE.org", "{\"timing\":\"instantly\"}");
        KAFKA.send(topics.preferences(), "nobody", null);
        start();

        assertThat(tail.preferences().timing(ADA)).contains(Timing.INSTANTLY);
        assertThat(tail.preferences().size()).isOne();
        assertThat(store.readAll()).containsExactly(new Preference(ADA, Timing.INSTANTLY));
    }

    @Test
    void theStoreReadsWhatIsThereNow() {
        assertThat(store.readAll()).isEmpty();
        assertThat(store.read(ADA)).isEmpty();

        store.set(new Preference(BOB, Timing.IN_BACKGROUND));
        store.set(new Preference(ADA, Timing.IN_BACKGROUND));
        store.set(new Preference(ADA, Timing.INSTANTLY));
        store.set(new Preference(EVE, Timing.INSTANTLY));
        store.clear(EVE);

        assertThat(store.read(ADA)).contains(Timing.INSTANTLY);
        assertThat(store.read(EVE)).isEmpty();
        assertThat(store.readAll())
                .containsExactly(
                        new Preference(ADA, Timing.INSTANTLY),
                        new Preference(BOB, Timing.IN_BACKGROUND));
        assertThat(KAFKA.readAll(topics.preferences()))
                .extracting(record -> new String(record.key(), UTF_8))
                .contains("ada@example.org", "bob@example.org");
    }

    private void start() throws InterruptedException {
        thread.start();
        assertThat(tail.awaitRead(SOON)).as("read to the end").isTrue();
    }

    private void await(EmailAddress address, Optional<Timing> timing) {
        Await.until(
                SOON,
                () -> tail.preferences().timing(address).equals(timing),
                () -> address + " is known to have chosen " + timing);
    }
}
