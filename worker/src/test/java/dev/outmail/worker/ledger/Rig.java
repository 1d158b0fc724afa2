package dev.outmail.worker.ledger;

import dev.outmail.testkit.ManualTime;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// A partition's ledger, and a producer that acknowledges when it is told to.
final class Rig {
    static final int PARTITION = 3;
    static final String TOPIC = "outmail.ledger";

    final ManualTime time = new ManualTime();
    final LedgerMemory memory = new LedgerMemory(new Window(Duration.ofDays(1), 8_000));
    final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());

    /// A ledger that has read back these records of one event.
    PartitionLedger ledger(long number, LedgerRecord... records) {
        for (var record : records) {
            memory.replay(Ids.hash(number), record, time.instant().toEpochMilli());
        }
        return new PartitionLedger(
                PARTITION,
                memory,
                new LedgerWriter(producer, TOPIC),
                new LedgerTime(time, time.ticker(), memory.latestMillis()));
    }

    List<LedgerRecord> written() {
        return producer.history().stream()
                .map(record -> LedgerCodec.decode(record.value()))
                .toList();
    }

    /// The same without what tells one owner from another.
    List<LedgerRecord> writtenByAnybody() {
        return written().stream().map(record -> record.withBeginning(LedgerRecord.ANY)).toList();
    }
}
