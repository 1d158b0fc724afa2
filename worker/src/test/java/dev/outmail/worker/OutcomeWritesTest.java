package dev.outmail.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.outmail.delivery.RetryPolicy;
import dev.outmail.testkit.ManualTime;
import dev.outmail.worker.delay.BrokerTime;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class OutcomeWritesTest {
    private final ManualTime time = new ManualTime();
    private final OutcomeWrites writes =
            new OutcomeWrites(
                    new WaitingRoom(RetryPolicy.DEFAULT, 10, () -> 0, System::nanoTime),
                    new BrokerTime(time, time.ticker()));
    private final Lease lease =
            new Lease(new TopicPartition("events", 0), new CompletableFuture<>());
    private final ProducerRecord<byte[], byte[]> record =
            new ProducerRecord<>("log", new byte[] {1});

    @Test
    void whatFailsIsWrittenAgain() throws Exception {
        var kafka = new Failing(1);

        writes.write(lease, kafka, record);

        assertThat(kafka.tries).isEqualTo(2);
        assertThat(kafka.history()).containsExactly(record);
    }

    @Test
    void whatIsKnownIsWrittenWhenTheLeaseEndedMeanwhile() throws Exception {
        var kafka = new Failing(2);
        lease.lose();

        writes.write(lease, kafka, record);

        assertThat(kafka.history()).containsExactly(record);
    }

    @Test
    void afterItsLeaseNobodyTriesForEver() {
        var kafka = new Failing(1_000);
        lease.lose();

        assertThatExceptionOfType(LeaseEnded.class)
                .isThrownBy(() -> writes.write(lease, kafka, record));

        assertThat(kafka.tries).isEqualTo(3);
    }

    @Test
    void whatIsKnownIsWrittenWhenTheDeliveryIsBrokenOff() throws Exception {
        var kafka = new Failing(2);
        var delivery =
                new FutureTask<>(() -> {
                    Thread.currentThread().interrupt();
                    writes.write(lease, kafka, record);
                    return Thread.currentThread().isInterrupted();
                });
        Thread.ofVirtual().start(delivery);

        assertThat(delivery.get()).as("still broken off").isTrue();
        assertThat(kafka.history()).containsExactly(record);
    }

    /// Kafka as it is when a clock jumps: what was under way has expired.
    private static final class Failing extends MockProducer<byte[], byte[]> {
        private final int failures;
        private int tries;

        Failing(int failures) {
            super(true, null, new ByteArraySerializer(), new ByteArraySerializer());
            this.failures = failures;
        }

        @Override
        public synchronized Future<RecordMetadata> send(
                ProducerRecord<byte[], byte[]> what, Callback callback) {
            tries++;
            return tries > failures
                    ? super.send(what, callback)
                    : CompletableFuture.failedFuture(new TimeoutException("Expiring 1 record(s)"));
        }
    }
}
