package dev.outmail.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/// Compares topics with how they should be, and puts right what can be.
public final class TopicAdmin {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(100);

    private final Admin admin;

    public TopicAdmin(Admin admin) {
        this.admin = admin;
    }

    /// How the topics are. Reads only.
    ///
    /// @throws KafkaException where one may not be seen, among others
    public List<TopicState> compare(List<TopicSpec> specs) throws InterruptedException {
        var descriptions = descriptions(specs.stream().map(TopicSpec::name).toList());
        var configs = configs(descriptions.keySet());
        return specs.stream()
                .map(spec -> compare(spec, descriptions.get(spec.name()), configs.get(spec.name())))
                .toList();
    }

    /// Of those that are there. Asked for by name: a list of all leaves out what may not be seen,
    /// which then would look as if it were missing.
    private Map<String, TopicDescription> descriptions(List<String> names)
            throws InterruptedException {
        var descriptions = new HashMap<String, TopicDescription>();
        for (var answer : admin.describeTopics(names).topicNameValues().entrySet()) {
            try {
                descriptions.put(answer.getKey(), await(answer.getKey(), answer.getValue()));
            } catch (UnknownTopicOrPartitionException e) {
                // missing
            }
        }
        return descriptions;
    }

    private Map<String, Config> configs(Collection<String> names) throws InterruptedException {
        var configs = new HashMap<String, Config>();
        var answers = admin.describeConfigs(names.stream().map(TopicAdmin::resource).toList());
        for (var answer : answers.values().entrySet()) {
            configs.put(answer.getKey().name(), await(answer.getKey().name(), answer.getValue()));
        }
        return configs;
    }

    private static TopicState compare(
            TopicSpec spec, @Nullable TopicDescription is, @Nullable Config config) {
        if (is == null || config == null) {
            return new TopicState.Missing(spec);
        }
        int partitions = is.partitions().size();
        if (spec.partitions() == 1 && partitions != 1) {
            return new TopicState.Conflicts(
                    spec,
                    List.of("has " + partitions + " partitions, must have 1: create it anew"));
        }
        var differences = new TreeMap<String, TopicState.Difference>();
        spec.config()
                .forEach((key, wanted) -> {
                    var entry = config.get(key);
                    String actual = entry == null ? "unset" : entry.value();
                    if (!wanted.equals(actual)) {
                        differences.put(key, new TopicState.Difference(actual, wanted));
                    }
                });
        return differences.isEmpty()
                ? new TopicState.AsItShouldBe(spec, partitions)
                : new TopicState.Differs(spec, partitions, differences);
    }

    /// Creates what is missing and alters what differs; conflicts stay as they are.
    ///
    /// @param replicationFactor empty for the brokers' default
    public void apply(Collection<TopicState> states, Optional<Short> replicationFactor)
            throws InterruptedException {
        var missing = new ArrayList<NewTopic>();
        var alterations = new TreeMap<String, Collection<AlterConfigOp>>();
        for (var state : states) {
            switch (state) {
                case TopicState.Missing absent ->
                        missing.add(newTopic(absent.spec(), replicationFactor));
                case TopicState.Differs differs ->
                        alterations.put(
                                differs.spec().name(),
                                differs.differences().entrySet().stream()
                                        .map(d ->
                                                new AlterConfigOp(
                                                        new ConfigEntry(
                                                                d.getKey(),
                                                                d.getValue().shouldBe()),
                                                        AlterConfigOp.OpType.SET))
                                        .toList());
                case TopicState.AsItShouldBe fine -> {}
                case TopicState.Conflicts conflicts -> {}
            }
        }
        create(missing);
        alter(alterations);
    }

    private void alter(Map<String, Collection<AlterConfigOp>> alterations)
            throws InterruptedException {
        var byResource = new HashMap<ConfigResource, Collection<AlterConfigOp>>();
        alterations.forEach((topic, operations) -> byResource.put(resource(topic), operations));
        for (var answer : admin.incrementalAlterConfigs(byResource).values().entrySet()) {
            await(answer.getKey().name(), answer.getValue());
        }
    }

    private void create(List<NewTopic> missing) throws InterruptedException {
        for (var creation : admin.createTopics(missing).values().entrySet()) {
            try {
                await(creation.getKey(), creation.getValue());
            } catch (TopicExistsException e) {
                // another one was quicker, which is as good
            }
        }
        awaitReady(missing);
    }

    /// Returns when every partition answers. A producer's first record to one that does not yet may
    /// be refused and those after it taken, which leaves the producer waiting for minutes.
    private void awaitReady(List<NewTopic> created) throws InterruptedException {
        var ends = new HashMap<TopicPartition, OffsetSpec>();
        for (var topic : created) {
            for (int partition = 0; partition < topic.numPartitions(); partition++) {
                ends.put(new TopicPartition(topic.name(), partition), OffsetSpec.latest());
            }
        }
        for (int tries = 1; !ends.isEmpty() && !answers(ends, tries); tries++) {
            aMoment().join();
        }
    }

    private static CompletableFuture<Void> aMoment() {
        return CompletableFuture.runAsync(
                () -> {},
                CompletableFuture.delayedExecutor(BETWEEN_TRIES.toMillis(), TimeUnit.MILLISECONDS));
    }

    private boolean answers(Map<TopicPartition, OffsetSpec> ends, int tries)
            throws InterruptedException {
        try {
            await(admin.listOffsets(ends).all());
            return true;
        } catch (RetriableException e) {
            if (BETWEEN_TRIES.multipliedBy(tries).compareTo(TIMEOUT) > 0) {
                throw e;
            }
            return false;
        }
    }

    private static NewTopic newTopic(TopicSpec spec, Optional<Short> replicationFactor) {
        var config = new TreeMap<>(spec.config());
        if (replicationFactor.orElse((short) 1) >= 3) {
            config.put("min.insync.replicas", "2");
        }
        return new NewTopic(spec.name(), Optional.of(spec.partitions()), replicationFactor)
                .configs(config);
    }

    private static ConfigResource resource(String topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic);
    }

    /// Kafka does not always say which topic it was that somebody has no right to.
    private static <T> T await(String topic, KafkaFuture<T> future) throws InterruptedException {
        try {
            return await(future);
        } catch (TopicAuthorizationException e) {
            throw new TopicAuthorizationException(Set.of(topic));
        }
    }

    private static <T> T await(KafkaFuture<T> future) throws InterruptedException {
        try {
            return future.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException cause
                    ? cause
                    : new KafkaException(e.getCause());
        } catch (TimeoutException e) {
            throw new org.apache.kafka.common.errors.TimeoutException(
                    "Kafka did not answer within " + TIMEOUT, e);
        }
    }
}
