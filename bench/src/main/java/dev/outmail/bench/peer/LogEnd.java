package dev.outmail.bench.peer;

import dev.outmail.config.Deployment;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/// How many entries the mailing log has. Used by one thread.
public final class LogEnd implements AutoCloseable {
    private final Consumer<byte[], byte[]> consumer;
    private final List<TopicPartition> partitions;

    public LogEnd(Deployment deployment) {
        consumer = deployment.clients("bench").consumer("log-end", Map.of());
        var topic = deployment.topics().log();
        partitions =
                consumer.partitionsFor(topic).stream()
                        .map(one -> new TopicPartition(topic, one.partition()))
                        .toList();
    }

    public long entries() {
        return consumer.endOffsets(partitions).values().stream().mapToLong(Long::longValue).sum();
    }

    @Override
    public void close() {
        consumer.close();
    }
}
