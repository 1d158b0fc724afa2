package dev.outmail.worker.delay;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// A producer whose answers come when a test says so, with the append time of a broker.
final class FakeProducer extends MockProducer<byte[], byte[]> {

    record Sent(ProducerRecord<byte[], byte[]> record, Callback callback) {}

    private final int partitions;
    private final LongSupplier brokerMillis;
    private final List<Sent> sent = new ArrayList<>();
    private final List<Sent> open = new ArrayList<>();
    private boolean answersAtOnce = true;
    private @Nullable KafkaException refusal;

    FakeProducer(int partitions, LongSupplier brokerMillis) {
        this.partitions = partitions;
        this.brokerMillis = brokerMillis;
    }

    void answerWhenTold() {
        answersAtOnce = false;
    }

    /// From now on it takes nothing; null to take again.
    void refuse(@Nullable KafkaException with) {
        refusal = with;
    }

    List<ProducerRecord<byte[], byte[]>> sent() {
        return sent.stream().map(Sent::record).toList();
    }

    int open() {
        return open.size();
    }

    void forget() {
        sent.clear();
    }

    /// Answers one of those that were not answered.
    ///
    /// @return its value
    String acknowledge(int index) {
        var one = open.remove(index);
        acknowledge(one);
        return new String(one.record().value(), StandardCharsets.UTF_8);
    }

    void fail(int index, Exception failure) {
        open.remove(index).callback().onCompletion(null, failure);
    }

    private void acknowledge(Sent one) {
        var partition = new TopicPartition(one.record().topic(), 0);
        one.callback()
                .onCompletion(
                        new RecordMetadata(partition, 0, 0, brokerMillis.getAsLong(), 0, 0), null);
    }

    @Override
    public synchronized Future<RecordMetadata> send(
            ProducerRecord<byte[], byte[]> record, Callback callback) {
        if (refusal != null) {
            throw refusal;
        }
        var one = new Sent(record, callback);
        sent.add(one);
        if (answersAtOnce) {
            acknowledge(one);
        } else {
            open.add(one);
        }
        return new CompletableFuture<>();
    }

    @Override
    public List<PartitionInfo> partitionsFor(String topic) {
        return IntStream.range(0, partitions)
                .mapToObj(i -> new PartitionInfo(topic, i, null, null, null))
                .toList();
    }
}
