package dev.outmail.worker;

import dev.outmail.delivery.DeliveryEngine;
import dev.outmail.delivery.Outcome;
import dev.outmail.delivery.Undelivered;
import dev.outmail.mail.MailEvent;
import dev.outmail.settings.SettingsSnapshot;
import dev.outmail.wire.Decoded;
import dev.outmail.wire.EventCodec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Delivers events, each in a virtual thread of its own: decode, attempt, make the outcome durable;
/// and, while something is left to do, wait and attempt again.
final class Deliverer implements Intake.Deliveries {
    private static final Logger log = LoggerFactory.getLogger(Deliverer.class);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(10);

    private final EventCodec codec;
    private final DeliveryEngine engine;
    private final Supplier<SettingsSnapshot> settings;
    private final OutcomeWriter outcomes;
    private final WaitingRoom waitingRoom;
    private final InstantSource clock;

    Deliverer(
            EventCodec codec,
            DeliveryEngine engine,
            Supplier<SettingsSnapshot> settings,
            OutcomeWriter outcomes,
            WaitingRoom waitingRoom,
            InstantSource clock) {
        this.codec = codec;
        this.engine = engine;
        this.settings = settings;
        this.outcomes = outcomes;
        this.waitingRoom = waitingRoom;
        this.clock = clock;
    }

    @Override
    public void start(
            Lease lease, ConsumerRecord<byte[], byte[]> record, Intake.WhenEnded whenEnded) {
        Thread.ofVirtual()
                .name("delivery-" + record.partition() + "-" + record.offset())
                .start(() -> run(lease, record, whenEnded));
    }

    @Override
    public void leasesEnded() {
        waitingRoom.leasesEnded();
    }

    private void run(
            Lease lease, ConsumerRecord<byte[], byte[]> record, Intake.WhenEnded whenEnded) {
        boolean settled = false;
        lease.entered(Thread.currentThread());
        try {
            deliverWhateverHappens(lease, record);
            settled = true;
        } catch (LeaseEnded | InterruptedException e) {
            log.atDebug().addKeyValue("offset", record.offset()).log("Delivery abandoned");
        } finally {
            lease.left(Thread.currentThread());
            whenEnded.ended(settled);
        }
    }

    /// A failure of our own neither loses the event nor stops others: it is tried again.
    private void deliverWhateverHappens(Lease lease, ConsumerRecord<byte[], byte[]> record)
            throws LeaseEnded, InterruptedException {
        while (!lease.ended()) {
            try {
                deliver(lease, record);
                return;
            } catch (RuntimeException | Error e) {
                log.atError()
                        .addKeyValue("partition", lease.partition())
                        .addKeyValue("offset", record.offset())
                        .setCause(e)
                        .log(
                                "A delivery failed for a reason of our own and is tried again; please report this");
            }
            waitingRoom.await(lease, AFTER_FAILURE);
        }
        throw new LeaseEnded();
    }

    private void deliver(Lease lease, ConsumerRecord<byte[], byte[]> record)
            throws LeaseEnded, InterruptedException {
        switch (codec.decode(record.value())) {
            case Decoded.Ok ok -> deliver(lease, record, ok.event());
            case Decoded.Malformed malformed ->
                    outcomes.writeMalformed(lease, record, malformed, clock.instant());
        }
    }

    private void deliver(Lease lease, ConsumerRecord<byte[], byte[]> record, MailEvent event)
            throws LeaseEnded, InterruptedException {
        var mail = Undelivered.fresh(event, Instant.ofEpochMilli(record.timestamp()));
        Outcome before = null;
        int times = 0;
        while (true) {
            long changesSeen = waitingRoom.settingsChanges();
            var startedAt = clock.instant();
            var outcome = engine.attempt(mail, settings.get());
            var took = Duration.between(startedAt, clock.instant());
            if (isNews(outcome, before)) {
                outcomes.write(lease, record, mail, outcome, startedAt, took);
            }
            if (!(outcome instanceof Outcome.Open open)) {
                return;
            }
            times = before != null && before.getClass() == outcome.getClass() ? times + 1 : 1;
            waitingRoom.awaitNextAttempt(lease, open, times, changesSeen);
            mail = leftAfter(open, mail);
            before = outcome;
        }
    }

    /// What belongs in the log: each attempt; and, of waiting, that it began.
    private static boolean isNews(Outcome outcome, @Nullable Outcome before) {
        return switch (outcome) {
            case Outcome.Final _ -> true;
            case Outcome.Deferred _, Outcome.InDoubt _, Outcome.Troubled _ -> true;
            case Outcome.Held held -> before == null || before.reason() != held.reason();
            case Outcome.Paused _, Outcome.NotYet _ -> false;
        };
    }

    private static Undelivered leftAfter(Outcome.Open open, Undelivered mail) {
        return switch (open) {
            case Outcome.Deferred deferred -> deferred.attempt().after();
            case Outcome.InDoubt doubt -> doubt.attempt().after();
            case Outcome.Troubled _, Outcome.Paused _, Outcome.Held _, Outcome.NotYet _ -> mail;
        };
    }
}
