package dev.outmail.submission.sendmail;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.mail.FinishedMessage;
import dev.outmail.mail.MailEvent;
import dev.outmail.producer.InMemoryOutmail;
import dev.outmail.producer.MailNotAccepted;
import dev.outmail.producer.Outmail;
import dev.outmail.submission.sendmail.Drainer.Drained;
import dev.outmail.submission.sendmail.Drainer.Stay;
import dev.outmail.testkit.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DrainerTest {
    private static final Instant AT = Instant.parse("2026-11-29T09:30:00Z");
    private static final Duration SOON = Duration.ofSeconds(10);

    @TempDir Path temporary;

    private final InMemoryOutmail kafka = new InMemoryOutmail();
    private Spool spool;

    @BeforeEach
    void openSpool() throws Exception {
        spool = Spool.open(temporary.resolve("spool"));
    }

    private void add(String... ids) throws Exception {
        for (var id : ids) {
            spool.add(SpoolTest.mail(id, AT));
        }
    }

    private Drained drain() throws Exception {
        return drain(() -> kafka);
    }

    private Drained drain(Supplier<Outmail> connect) throws Exception {
        return new Drainer(spool, connect, Stay.NOT).run();
    }

    private List<String> published() {
        return kafka.queued().stream().map(MailEvent::id).map(id -> id.id()).toList();
    }

    @Test
    void whatKafkaHasIsGoneFromTheSpool() throws Exception {
        add("1", "2", "3");

        assertThat(drain()).isEqualTo(new Drained(3, 0, 0, false));

        assertThat(published()).containsExactly("1", "2", "3");
        assertThat(spool.files()).isEmpty();
    }

    @Test
    void whatCantBePutAsideStaysAndHoldsNobodyUp() throws Exception {
        Files.writeString(spool.folder().resolve("0-broken.mail"), "none of ours");
        Files.writeString(spool.folder().resolve("failed"), "no folder");
        add("1", "2");

        assertThat(drain()).isEqualTo(new Drained(2, 0, 1, false));

        assertThat(published()).containsExactly("1", "2");
        assertThat(spool.files()).hasSize(1);
    }

    @Test
    void aMailThatWasPublishedWhenTheDrainerWasKilledIsPublishedAgainAsTheSameEvent()
            throws Exception {
        add("1");
        byte[] file = Files.readAllBytes(spool.files().getFirst());
        var path = spool.files().getFirst();
        assertThat(drain().published()).isOne();
        Files.write(path, file);

        assertThat(drain().published()).isOne();

        assertThat(kafka.queued()).hasSize(2);
        assertThat(kafka.queued().getFirst()).isEqualTo(kafka.queued().getLast());
    }

    @Test
    void whileKafkaTakesNothingAllOfItStays() throws Exception {
        add("1", "2");
        kafka.failWith(new MailNotAccepted("no Kafka", null));

        assertThat(drain()).isEqualTo(new Drained(0, 0, 2, false));

        kafka.failWith(null);
        assertThat(drain()).isEqualTo(new Drained(2, 0, 0, false));
    }

    @Test
    void whereThereIsNoKafkaToBeFoundItIsTriedAgain() throws Exception {
        add("1");
        var calls = new AtomicInteger();

        try (var _ =
                Running.start(
                        new Drainer(
                                spool,
                                () -> {
                                    if (calls.incrementAndGet() == 1) {
                                        throw new KafkaException("no such host");
                                    }
                                    return kafka;
                                },
                                Stay.FOR_GOOD))) {
            Await.until(SOON, () -> published().size() == 1, "the mail is published");
        }

        assertThat(calls).hasValue(2);
    }

    @Test
    void whatCanNotBePublishedIsPutAsideWithTheReason() throws Exception {
        add("1");
        var large = "Subject: s\n\n" + "x".repeat(11 << 20);
        spool.add(
                new SpooledMail(
                        "2",
                        AT,
                        "/sendmail",
                        "default",
                        null,
                        List.of("ada@example.org"),
                        FinishedMessage.of(large.getBytes(UTF_8))));
        Files.writeString(spool.folder().resolve("3-torn.mail"), "outmail-spool-1 77\nid: 3\n");
        add("4");

        assertThat(drain()).isEqualTo(new Drained(2, 2, 0, false));

        assertThat(published()).containsExactly("1", "4");
        assertThat(spool.failed()).hasSize(2);
        assertThat(spool.failed().stream().map(Spool::why))
                .extracting(Files::readString)
                .satisfiesExactlyInAnyOrder(
                        why -> assertThat(why).contains("bytes"),
                        why -> assertThat(why).contains("not whole"));
    }

    @Test
    void oneAtATimeDrains() throws Exception {
        add("1");

        try (var lock = spool.tryLock()) {
            assertThat(lock).isNotNull();
            assertThat(drain()).isEqualTo(new Drained(0, 0, 1, true));
        }

        assertThat(drain().published()).isOne();
    }

    @Test
    void whoStaysPublishesWhatComesAndEndsWhenClosed() throws Exception {
        var drainer = new Drainer(spool, () -> kafka, Stay.FOR_GOOD);
        try (var running = Running.start(drainer)) {
            add("1");
            Await.until(SOON, () -> published().size() == 1, "the first mail is published");
            add("2", "3");
            Await.until(SOON, () -> published().size() == 3, "the others are published");

            drainer.close();

            assertThat(running.result().get()).isEqualTo(new Drained(3, 0, 0, false));
        }
    }

    @Test
    void whoStaysWaitsForTheOneThatIsThere() throws Exception {
        add("1");
        var lock = Objects.requireNonNull(spool.tryLock());
        try (var _ = Running.start(new Drainer(spool, () -> kafka, Stay.FOR_GOOD))) {
            lock.close();

            Await.until(SOON, () -> published().size() == 1, "the mail is published");
        }
    }

    /// A drainer on a thread of its own.
    private record Running(Drainer drainer, FutureTask<Drained> result) implements AutoCloseable {
        static Running start(Drainer drainer) {
            var result = new FutureTask<>(drainer::run);
            Thread.ofPlatform().name("drainer").start(result);
            return new Running(drainer, result);
        }

        @Override
        public void close() {
            drainer.close();
        }
    }
}
