package dev.outmail.producer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.mail.EventLimits;
import dev.outmail.settings.Connection;
import dev.outmail.settings.Timing;
import dev.outmail.testkit.Await;
import dev.outmail.testkit.kafka.KafkaProcess;
import dev.outmail.wire.Decoded;
import dev.outmail.wire.EventCodec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// T28: two hundred threads of an application publish, whatever Kafka does: it is absent at first
/// (for ten minutes in the full size), frozen, killed, slow. Nobody is held up for long, every call
/// has one result in time, and what was accepted is there, once.
class PublishUnderFaultsIT {
    private static final int THREADS = 200;
    private static final Duration PROMISED_BLOCK = Duration.ofMillis(500);
    private static final Duration PROMISED_RESULT = Duration.ofSeconds(5);

    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);
    private final EventCodec codec = new EventCodec(EventLimits.DEFAULT);

    @Test
    void everyCallHasItsResultInTimeAndWhatWasAcceptedIsThereOnce(@TempDir Path data)
            throws Exception {
        try (var kafka = KafkaProcess.start(data, 0);
                var stalls = new Stalls()) {
            var site = Site.with(kafka.bootstrapServers(), "outmail.");
            site.save(new Connection.Silent(), Timing.IN_BACKGROUND);
            kafka.kill();
            var outmail = site.connect();
            var callers = new Callers(outmail, THREADS);
            try (callers) {
                pause(Duration.ofSeconds(Faults.size(3, 600)));
                for (int round = 0; round < Faults.size(1, 5); round++) {
                    kafka.startAgain();
                    accepted(callers);
                    freeze(kafka, Duration.ofSeconds(Faults.size(6, 5 + random.nextInt(20))));
                    accepted(callers);
                    slow(kafka, Duration.ofSeconds(Faults.size(3, 10)));
                    accepted(callers);
                    kafka.kill();
                    pause(Duration.ofSeconds(Faults.size(1, random.nextInt(60))));
                }
                kafka.startAgain();
                accepted(callers);
            }
            outmail.close();

            check(callers, stalls.longest(), site.readAll(site.topics().events()));
        }
    }

    private void check(
            Callers callers, Duration stall, List<ConsumerRecord<byte[], byte[]>> records)
            throws Exception {
        var calls = callers.calls();
        assertThat(calls).as("seed %d: results", seed).hasSize(callers.made());
        var found = new HashMap<String, Integer>();
        records.forEach(record -> found.merge(id(record), 1, Integer::sum));
        var places =
                records.stream()
                        .collect(Collectors.toMap(Place::of, PublishUnderFaultsIT.this::id));
        int accepted = 0;
        var longestBlock = Duration.ZERO;
        var longestResult = Duration.ZERO;
        for (var call : calls) {
            var result = call.result().get(0, TimeUnit.SECONDS);
            longestBlock = max(longestBlock, call.blocked());
            longestResult = max(longestResult, result.took());
            if (result.receipt() != null) {
                accepted++;
                var place = new Place(result.receipt().partition(), result.receipt().offset());
                assertThat(places).as("seed %d: accepted", seed).containsEntry(place, call.id());
            }
        }
        System.out.printf(
                "T28 seed %d: %d calls by %d threads, %d accepted, %d not; held up for %d ms at"
                        + " most, results after %d ms at most, the machine stalled for %d ms%n",
                seed,
                calls.size(),
                THREADS,
                accepted,
                calls.size() - accepted,
                longestBlock.toMillis(),
                longestResult.toMillis(),
                stall.toMillis());
        assertThat(found.values()).as("seed %d: copies", seed).allMatch(copies -> copies == 1);
        assertThat(accepted).as("seed %d: accepted", seed).isGreaterThan(THREADS);
        assertThat(longestBlock).isLessThanOrEqualTo(PROMISED_BLOCK.plus(stall));
        assertThat(longestResult).isLessThanOrEqualTo(PROMISED_RESULT.plus(stall));
    }

    private record Place(int partition, long offset) {
        static Place of(ConsumerRecord<byte[], byte[]> record) {
            return new Place(record.partition(), record.offset());
        }
    }

    private String id(ConsumerRecord<byte[], byte[]> record) {
        return ((Decoded.Ok) codec.decode(record.value())).event().id().id();
    }

    /// Calls that were made from now on are accepted.
    private static void accepted(Callers callers) {
        int from = callers.made();
        Await.until(
                Site.PATIENCE, () -> callers.lastAccepted() >= from, "events are accepted again");
    }

    private static void freeze(KafkaProcess kafka, Duration time) {
        kafka.program().freeze();
        pause(time);
        kafka.program().thaw();
    }

    /// Three quarters of the time it does nothing.
    private static void slow(KafkaProcess kafka, Duration time) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() - end < 0) {
            freeze(kafka, Duration.ofMillis(300));
            pause(Duration.ofMillis(100));
        }
    }

    private static void pause(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private static Duration max(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}
