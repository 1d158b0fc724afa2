package dev.outmail.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.fleet.Applied;
import dev.outmail.fleet.FleetView;
import dev.outmail.fleet.Member;
import dev.outmail.fleet.Sighting;
import dev.outmail.settings.Connection;
import dev.outmail.settings.ProfileSettings;
import dev.outmail.settings.Settings;
import dev.outmail.testkit.Await;
import dev.outmail.testkit.kafka.KafkaBroker;
import dev.outmail.testkit.smtp.ScriptedSmtpServer;
import dev.outmail.wire.OutcomeName;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What workers say of themselves is so.
class AppliedIT {
    @RegisterExtension static final KafkaBroker KAFKA = new KafkaBroker();

    private static final Duration AT_ONCE = Duration.ofMillis(1);

    private final CountDownLatch goesOn = new CountDownLatch(1);
    private Site site;

    @BeforeEach
    void prepare() throws InterruptedException {
        site = Site.with(KAFKA, 4);
    }

    @AfterEach
    void close() {
        goesOn.countDown();
        site.close();
    }

    private static List<String> ids(List<Sighting> sightings) {
        return sightings.stream().map(one -> one.member().id()).toList();
    }

    private FleetView fleet() {
        var fleet = new FleetView(site.clients(), site.topics());
        fleet.read(Site.PATIENCE);
        return fleet;
    }

    private Applied await(long revision, Duration timeout) {
        var saved = new ProfileSettings("default", revision, Settings.INITIAL);
        var at = site.store().awaitReadable(saved);
        try (var fleet = fleet()) {
            return Applied.await(fleet, "default", revision, at, timeout, System::nanoTime);
        }
    }

    @Test
    void allWorkersSayWhatTheyAppliedAndOneThatStopsIsGone() throws Exception {
        var first = site.start(Map.of("worker.id", "first"));
        site.start(Map.of("worker.id", "second"));

        long revision = site.save(new Connection.Silent());
        var applied = await(revision, Site.PATIENCE);

        assertThat(applied.laggards()).isEmpty();
        assertThat(ids(applied.by())).containsExactly("first", "second");
        first.close();
        try (var fleet = fleet()) {
            assertThat(ids(fleet.alive())).containsExactly("second");
            Await.until(
                    Site.PATIENCE,
                    () -> {
                        fleet.poll(Duration.ofMillis(50));
                        return fleet.alive().getFirst().member().partitions().size() == 4;
                    },
                    () -> "the other has all partitions: " + fleet.alive());
            var second = fleet.alive().getFirst().member();
            assertThat(second.kind()).isEqualTo(Member.Kind.WORKER);
            assertThat(second.applied()).containsExactly(Map.entry("default", revision));
        }
    }

    @Test
    void aWorkerThatStillFinishesAMessageByEarlierSettingsHasNotApplied() throws Exception {
        try (var server = ScriptedSmtpServer.start()) {
            server.on(
                    ".",
                    peer -> {
                        try {
                            goesOn.await();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                        peer.say("250 ok");
                    });
            site.start();
            long smtp = site.save(Site.smtp(server.port()));
            assertThat(await(smtp, Site.PATIENCE).laggards()).isEmpty();
            site.publish(Site.mail("under-way"));
            server.await("the final dot", () -> server.commands("DATA") == 1);

            long silent = site.save(new Connection.Silent());
            var early = await(silent, AT_ONCE);
            site.publish(Site.mail("silent"));
            site.awaitLog("silent", OutcomeName.SILENCED);
            goesOn.countDown();
            var later = await(silent, Site.PATIENCE);

            assertThat(early.by()).isEmpty();
            assertThat(early.laggards())
                    .singleElement()
                    .satisfies(one ->
                            assertThat(one.member().applied()).containsEntry("default", smtp));
            assertThat(later.laggards()).isEmpty();
            site.awaitLog("under-way", OutcomeName.SENT);
            assertThat(server.commands("DATA")).isEqualTo(1);
        }
    }

    /// T12b: records that are no settings, in any order, change nothing and are told.
    @Test
    void recordsThatAreNoSettingsAreRefusedByAllAndTold() throws Exception {
        long seed = Long.getLong("outmail.test.seed", new Random().nextInt(1_000_000));
        System.out.println("T12b: seed " + seed);
        var random = new Random(seed);
        try (var server = ScriptedSmtpServer.start()) {
            site.start(Map.of("worker.id", "first"));
            site.start(Map.of("worker.id", "second"));
            site.save(Site.smtp(server.port()));
            long last = site.save(Site.smtp(server.port()));
            int records = Boolean.getBoolean("outmail.test.faults") ? 50 : 10;

            for (int i = 0; i < records; i++) {
                put("default", noSettings(random.nextInt(6)));
                awaitRefused(List.of("default"));
                site.publish(Site.mail("mail-" + i));
                site.awaitLog("mail-" + i, OutcomeName.SENT);
                if (random.nextInt(4) == 0) {
                    last = site.save(Site.smtp(server.port()));
                    awaitRefused(List.of());
                }
            }

            assertThat(server.received()).hasSize(records);
            assertThat(await(last, Site.PATIENCE).laggards()).isEmpty();
        }
    }

    @Test
    void aProfileThatIsRemovedHoldsItsMailUntilItIsBack() throws Exception {
        try (var server = ScriptedSmtpServer.start()) {
            var worker = site.start();
            site.save(Site.smtp(server.port()));
            site.publish(Site.mail("before"));
            site.awaitLog("before", OutcomeName.SENT);

            put("default", null);
            Await.until(
                    Site.PATIENCE,
                    () -> site.get(worker, "/health/ready").statusCode() == 503,
                    "the worker has no settings");
            site.publish(Site.mail("after"));
            site.awaitLog("after", OutcomeName.HELD);
            try (var fleet = fleet()) {
                assertThat(fleet.alive().getFirst().member().applied()).isEmpty();
            }
            assertThat(server.received()).hasSize(1);
            site.save(Site.smtp(server.port()));

            site.awaitLog("after", OutcomeName.SENT);
        }
    }

    private void put(String profile, byte @Nullable [] value) {
        var key = profile.getBytes(StandardCharsets.UTF_8);
        site.send(new ProducerRecord<>(site.topics().settings(), 0, key, value));
    }

    private static byte[] noSettings(int kind) {
        var text =
                switch (kind) {
                    case 0 -> "";
                    case 1 -> "{\"revision\":";
                    case 2 -> "{\"revision\":1,\"connection\":{\"mode\":\"silent\"}}"; // lower
                    case 3 -> "{\"revision\":1000000,\"connection\":{\"mode\":\"pigeon\"}}";
                    case 4 ->
                            "{\"revision\":1000000,\"connection\":{\"mode\":\"silent\"},\"x\":\"%s\"}"
                                    .formatted("x".repeat(100_000));
                    default ->
                            "{\"revision\":1000000,\"connection\":{\"mode\":\"smtp\",\"host\":\"h\","
                                    + "\"port\":25,\"security\":\"none\",\"username\":\"u\",\"password\":\"clear\"}}";
                };
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void awaitRefused(List<String> profiles) {
        try (var fleet = fleet()) {
            Await.until(
                    Site.PATIENCE,
                    () -> {
                        fleet.poll(Duration.ofMillis(50));
                        return fleet.alive().stream()
                                .allMatch(one -> one.member().refused().equals(profiles));
                    },
                    () -> "all say that they refused those of " + profiles + ": " + fleet.alive());
        }
    }
}
