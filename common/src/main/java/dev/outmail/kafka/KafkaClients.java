package dev.outmail.kafka;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// Makes Kafka clients from the deployment's `kafka.*` keys and what Outmail's guarantees need.
/// Everything is bytes: decoding is ours, so that a malformed record never blows up inside a poll.
public final class KafkaClients {
    /// Keys that the guarantees rest on; the deployment can't set them.
    public static final Set<String> FIXED_KEYS =
            Set.of(
                    "acks",
                    "enable.idempotence",
                    "isolation.level",
                    "enable.auto.commit",
                    "auto.offset.reset",
                    "allow.auto.create.topics",
                    "group.id",
                    "transactional.id",
                    "partitioner.class",
                    "partitioner.ignore.keys",
                    "key.serializer",
                    "value.serializer",
                    "key.deserializer",
                    "value.deserializer");

    private final Map<String, String> deployment;
    private final String clientIdPrefix;

    /// @param deployment the `kafka.*` keys, without that prefix; at least `bootstrap.servers`
    /// @param clientIdPrefix what client ids start with, as brokers log them
    public KafkaClients(Map<String, String> deployment, String clientIdPrefix) {
        this.deployment = Map.copyOf(deployment);
        this.clientIdPrefix = clientIdPrefix;
    }

    public String bootstrapServers() {
        return deployment.getOrDefault("bootstrap.servers", "");
    }

    /// A producer whose acknowledgement means: safe on every in-sync replica, in order, once.
    public Producer<byte[], byte[]> producer(String role, Map<String, String> overrides) {
        var config = config(role, overrides);
        config.put("acks", "all");
        config.put("enable.idempotence", "true");
        return seeingKafka(() ->
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer()));
    }

    /// A consumer that sees committed records only, commits when told to, and goes on with the next
    /// record there is where retention took some away.
    public Consumer<byte[], byte[]> consumer(String role, Map<String, String> overrides) {
        var config = config(role, overrides);
        config.put("enable.auto.commit", "false");
        config.put("isolation.level", "read_committed");
        config.put("allow.auto.create.topics", "false");
        config.put("auto.offset.reset", "earliest");
        return seeingKafka(() ->
                new KafkaConsumer<>(
                        config, new ByteArrayDeserializer(), new ByteArrayDeserializer()));
    }

    public Admin admin() {
        return seeingKafka(() -> Admin.create(config("admin", Map.of())));
    }

    /// Kafka looks for classes, its own too, by the thread's context class loader. A thread of the
    /// common pool, say, has one that sees little of an application in a fat jar; and where Kafka
    /// has failed once to find its own, it does so for ever.
    private static <T> T seeingKafka(Supplier<T> maker) {
        var thread = Thread.currentThread();
        var loader = thread.getContextClassLoader();
        if (loader == null || seesKafka(loader)) {
            return maker.get();
        }
        thread.setContextClassLoader(KafkaClients.class.getClassLoader());
        try {
            return maker.get();
        } finally {
            thread.setContextClassLoader(loader);
        }
    }

    private static boolean seesKafka(ClassLoader loader) {
        try {
            return Class.forName(KafkaProducer.class.getName(), false, loader)
                    .equals(KafkaProducer.class);
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    private Map<String, Object> config(String role, Map<String, String> overrides) {
        var config = new HashMap<String, Object>(deployment);
        config.putAll(overrides);
        config.put("client.id", clientIdPrefix + "-" + role);
        return config;
    }
}
