package dev.outmail.testkit.kafka;

import dev.outmail.testkit.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// A real broker for a test class, and the few things that tests do with one.
///
/// ```java
/// @RegisterExtension static final KafkaBroker KAFKA = new KafkaBroker();
/// ```
///
/// All classes of a run share one broker, started with the first and closed after the last. Each
/// test keeps to topics, groups and transactional ids that begin with its own [#prefix()]; the
/// topics are deleted after the class. `-Doutmail.test.broker=docker` runs the same tests on
/// Testcontainers' broker; [#inContainer()] is always on that one.
///
/// Keeps one test's state at a time: not for tests of one class that run in parallel.
public final class KafkaBroker
        implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {
    private static final Duration TIME_TO_ANSWER = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(50);

    private final Place place;
    private @Nullable Shared shared;
    private @Nullable Admin admin;
    private @Nullable Producer<byte[], byte[]> producer;
    private @Nullable Consumer<byte[], byte[]> reader;
    private int nestedClasses;
    private String classPrefix = "";
    private String prefix = "";

    /// A broker where `outmail.test.broker` says: in this JVM by default.
    public KafkaBroker() {
        this(Place.chosen());
    }

    private KafkaBroker(Place place) {
        this.place = place;
    }

    /// A broker of Testcontainers, `apache/kafka` of the version of Kafka's client on the class
    /// path. Where no Docker engine answers, or has no such image and can't get it, the class is
    /// skipped.
    public static KafkaBroker inContainer() {
        return new KafkaBroker(Place.CONTAINER_OR_NOT_AT_ALL);
    }

    /// The broker of the run, and how many prefixes it has given away.
    private record Shared(RunningBroker broker, AtomicInteger prefixes) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            broker.close();
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        if (nestedClasses++ > 0) {
            return;
        }
        shared =
                context.getStore(
                                ExtensionContext.StoreScope.LAUNCHER_SESSION,
                                ExtensionContext.Namespace.create(KafkaBroker.class))
                        .computeIfAbsent(
                                place,
                                one -> new Shared(startedBroker(one), new AtomicInteger()),
                                Shared.class);
        classPrefix = context.getRequiredTestClass().getSimpleName() + "-";
        prefix = newPrefix();
        admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers()));
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        prefix = newPrefix();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        shared().broker()
                .failure()
                .ifPresent(failure -> {
                    throw new AssertionError("the broker broke", failure);
                });
    }

    @Override
    public void afterAll(ExtensionContext context) {
        // None is there where the tests were aborted for want of it.
        if (--nestedClasses > 0 || admin == null) {
            return;
        }
        try (Admin closing = admin()) {
            Set<String> made =
                    answer(closing.listTopics().names()).stream()
                            .filter(topic -> topic.startsWith(classPrefix))
                            .collect(Collectors.toSet());
            answer(closing.deleteTopics(made).all());
        }
        if (producer != null) {
            producer.close(Duration.ZERO);
            producer = null;
        }
        if (reader != null) {
            reader.close(CloseOptions.timeout(Duration.ZERO));
            reader = null;
        }
    }

    /// Where clients connect.
    public String bootstrapServers() {
        return shared().broker().bootstrapServers();
    }

    /// What the names of this test's topics, groups and transactional ids begin with, its last dot
    /// included; another one for each test method, and one for `@BeforeAll`.
    public String prefix() {
        return prefix;
    }

    /// The name of a topic of this test.
    public String topic(String name) {
        return prefix + name;
    }

    public Admin admin() {
        return Objects.requireNonNull(admin, KafkaBroker::notRegistered);
    }

    /// Makes a topic.
    ///
    /// @param topic the whole name, with the prefix
    /// @return the name
    public String createTopic(String topic, int partitions, Map<String, String> config) {
        var made = new NewTopic(topic, partitions, (short) 1).configs(config);
        answer(admin().createTopics(List.of(made)).all());
        Await.until(TIME_TO_ANSWER, () -> isVisible(topic, config), topic + " is visible");
        Await.until(TIME_TO_ANSWER, () -> answers(topic, partitions), topic + " answers");
        return topic;
    }

    /// A producer whose first record to a partition comes before this may wait for minutes.
    private boolean answers(String topic, int partitions) throws InterruptedException {
        var ends = new HashMap<TopicPartition, OffsetSpec>();
        for (int partition = 0; partition < partitions; partition++) {
            ends.put(new TopicPartition(topic, partition), OffsetSpec.latest());
        }
        try {
            return admin().listOffsets(ends).all().get().size() == partitions;
        } catch (ExecutionException e) {
            return false;
        }
    }

    /// The controller has a topic a little before the broker that is asked for it.
    private boolean isVisible(String topic, Map<String, String> config) {
        if (!answer(admin().listTopics().names()).contains(topic)) {
            return false;
        }
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        var is = answer(admin().describeConfigs(List.of(resource)).all()).get(resource);
        return is != null
                && config.entrySet().stream()
                        .allMatch(entry -> entry.getValue().equals(is.get(entry.getKey()).value()));
    }

    public String createTopic(String topic) {
        return createTopic(topic, 1, Map.of());
    }

    /// A producer that all tests of the class share, with `acks=all`.
    public Producer<byte[], byte[]> producer() {
        if (producer == null) {
            producer =
                    new KafkaProducer<>(
                            Map.of(
                                    "bootstrap.servers",
                                    bootstrapServers(),
                                    "max.request.size",
                                    16 * 1024 * 1024),
                            new ByteArraySerializer(),
                            new ByteArraySerializer());
        }
        return producer;
    }

    /// Writes a record and waits until it is acknowledged.
    public RecordMetadata send(ProducerRecord<byte[], byte[]> record) {
        return answer(producer().send(record));
    }

    /// Writes a text and waits until it is acknowledged.
    public RecordMetadata send(String topic, @Nullable String key, @Nullable String value) {
        return send(new ProducerRecord<>(topic, utf8(key), utf8(value)));
    }

    /// All that a topic holds now, committed transactions only; in order within a partition.
    ///
    /// Tests ask for it again and again: all of a class use one consumer, one at a time.
    public synchronized List<ConsumerRecord<byte[], byte[]>> readAll(String topic) {
        if (reader == null) {
            reader = newConsumer();
        }
        var consumer = reader;
        goToBeginningOf(topic, consumer, TIME_TO_ANSWER);
        Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        Await.until(
                TIME_TO_ANSWER,
                () -> {
                    consumer.poll(POLL).forEach(records::add);
                    return ends.entrySet().stream()
                            .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
                },
                () -> "the end of " + topic + " " + ends + "; read " + records.size());
        return records;
    }

    /// Waits until a topic has held at least as many committed records; returns all it read.
    public List<ConsumerRecord<byte[], byte[]>> awaitRecords(
            String topic, int count, Duration atMost) {
        try (Consumer<byte[], byte[]> consumer = newConsumer()) {
            goToBeginningOf(topic, consumer, atMost);
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            Await.until(
                    atMost,
                    () -> {
                        consumer.poll(POLL).forEach(records::add);
                        return records.size() >= count;
                    },
                    () -> count + " records on " + topic + "; there are " + records.size());
            return records;
        }
    }

    /// A topic that is not there is an error, and not an empty one.
    private void goToBeginningOf(
            String topic, Consumer<byte[], byte[]> consumer, Duration timeToExist) {
        List<TopicPartition> partitions =
                Await.value(
                        timeToExist,
                        () -> partitions(topic),
                        () -> "the topic " + topic + " exists");
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    private Optional<List<TopicPartition>> partitions(String topic)
            throws InterruptedException, ExecutionException {
        try {
            return Optional.of(
                    admin().describeTopics(List.of(topic)).allTopicNames().get().values().stream()
                            .flatMap(is -> is.partitions().stream())
                            .map(one -> new TopicPartition(topic, one.partition()))
                            .toList());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private Consumer<byte[], byte[]> newConsumer() {
        return new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrapServers(),
                        "isolation.level",
                        "read_committed",
                        // closing waits for a fetch that is under way
                        "fetch.max.wait.ms",
                        20),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    private static RunningBroker startedBroker(Place place) {
        try {
            return RunningBroker.start(place);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String newPrefix() {
        return classPrefix + shared().prefixes().incrementAndGet() + ".";
    }

    private Shared shared() {
        return Objects.requireNonNull(shared, KafkaBroker::notRegistered);
    }

    private static String notRegistered() {
        return "KafkaBroker is a static field with @RegisterExtension";
    }

    private static byte @Nullable [] utf8(@Nullable String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    private static <T> T answer(Future<T> future) {
        try {
            return future.get(TIME_TO_ANSWER.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("the broker did not do it: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
