package dev.outmail.worker;

import dev.outmail.config.Deployment;
import dev.outmail.config.DeploymentReader;
import dev.outmail.delivery.RetryPolicy;
import dev.outmail.kafka.KafkaClients;
import dev.outmail.kafka.TopicAdmin;
import dev.outmail.kafka.Topics;
import dev.outmail.mail.EventLimits;
import dev.outmail.mail.MailEvent;
import dev.outmail.mail.MailEventBuilder;
import dev.outmail.settings.Connection;
import dev.outmail.settings.Connection.Security;
import dev.outmail.settings.Settings;
import dev.outmail.settings.SettingsStore;
import dev.outmail.testkit.Await;
import dev.outmail.testkit.kafka.KafkaBroker;
import dev.outmail.wire.EventCodec;
import dev.outmail.wire.LogEntry;
import dev.outmail.wire.LogEntryCodec;
import dev.outmail.wire.OutcomeName;
import io.opentelemetry.api.OpenTelemetry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// A place where Outmail runs: topics of a test's own, workers on them, and what tests do with
/// both.
final class Site implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(20);

    /// Waits that are long enough to be seen and short enough to be waited for.
    static final RetryPolicy QUICK =
            new RetryPolicy(
                    List.of(Duration.ofMillis(200)),
                    List.of(Duration.ofMillis(300)),
                    List.of(Duration.ofMinutes(5)),
                    Duration.ofMillis(200),
                    Duration.ofSeconds(2));

    private final KafkaBroker kafka;
    private final Topics topics;
    private final int partitions;
    private final KafkaClients clients;
    private final SettingsStore store;
    private final List<Worker> workers = new ArrayList<>();
    private final EventCodec codec = new EventCodec(EventLimits.DEFAULT);
    private final HttpClient http = HttpClient.newHttpClient();

    private Site(KafkaBroker kafka, int partitions) {
        this.kafka = kafka;
        this.partitions = partitions;
        this.topics = new Topics(kafka.prefix());
        this.clients =
                new KafkaClients(Map.of("bootstrap.servers", kafka.bootstrapServers()), "test");
        this.store = new SettingsStore(clients, topics);
    }

    static Site with(KafkaBroker kafka, int partitions) throws InterruptedException {
        var site = new Site(kafka, partitions);
        site.applyTopics();
        return site;
    }

    /// Makes the topics that are missing.
    void applyTopics() throws InterruptedException {
        var admin = new TopicAdmin(kafka.admin());
        var specs = topics.specs(partitions, EventLimits.DEFAULT.maxBytes());
        admin.apply(admin.compare(specs), Optional.empty());
    }

    void deleteTopic(String topic) throws InterruptedException, ExecutionException {
        kafka.admin().deleteTopics(List.of(topic)).all().get();
        Await.until(
                PATIENCE,
                () -> !kafka.admin().listTopics().names().get().contains(topic),
                topic + " is gone");
    }

    Topics topics() {
        return topics;
    }

    Deployment deployment(Map<String, String> more) {
        var all = new HashMap<String, String>();
        all.put("kafka.bootstrap.servers", kafka.bootstrapServers());
        // How soon members of a group hear that another one came.
        all.put("kafka.heartbeat.interval.ms", "300");
        // Closing waits for a fetch that is under way.
        all.put("kafka.fetch.max.wait.ms", "50");
        all.put("topics.prefix", topics.prefix());
        all.put("http.port", "0");
        all.put("http.address", "127.0.0.1");
        all.put("smtp.localhost", "worker.example");
        all.put("worker.id", "worker-1");
        all.putAll(more);
        return DeploymentReader.read(all, Map.of());
    }

    Worker start() throws IOException {
        return start(Map.of());
    }

    Worker start(Map<String, String> more) throws IOException {
        var worker = Worker.start(deployment(more), QUICK);
        workers.add(worker);
        return worker;
    }

    /// Starts one whose spans go to an SDK.
    Worker start(OpenTelemetry telemetry) throws IOException {
        var worker = Worker.start(deployment(Map.of()), QUICK, telemetry);
        workers.add(worker);
        return worker;
    }

    KafkaClients clients() {
        return clients;
    }

    // settings

    SettingsStore store() {
        return store;
    }

    /// Saves the default profile's settings; all workers have them when this returns.
    long save(Connection connection) throws InterruptedException {
        return save(MailEvent.DEFAULT_PROFILE, Settings.INITIAL.withConnection(connection));
    }

    long save(String profile, Settings settings) throws InterruptedException {
        var saved = (SettingsStore.Saved.Ok) store.update(profile, before -> settings);
        long revision = saved.settings().revision();
        for (var worker : workers) {
            if (!worker.awaitRevision(profile, revision, PATIENCE)) {
                throw new AssertionError("revision " + revision + " does not reach a worker");
            }
        }
        return revision;
    }

    static Connection.SmtpServer smtp(int port) {
        return smtp(port, 10);
    }

    static Connection.SmtpServer smtp(int port, int maxConnections) {
        return new Connection.SmtpServer(
                "localhost", port, Security.NONE, null, maxConnections, null);
    }

    // events

    static MailEventBuilder mail(String id) {
        return MailEvent.builder()
                .id(id)
                .source("/tests")
                .from("Projects <projects@example.com>")
                .to("Ada <ada@example.org>")
                .subject("Subject of " + id)
                .text("Text of " + id);
    }

    void publish(MailEventBuilder event) {
        var built = event.build();
        publish(built.id().id(), codec.encode(built));
    }

    /// The same with a header.
    void publish(MailEventBuilder event, String header, String value) {
        var built = event.build();
        var record =
                new ProducerRecord<>(
                        topics.events(),
                        built.id().id().getBytes(StandardCharsets.UTF_8),
                        codec.encode(built));
        record.headers().add(header, value.getBytes(StandardCharsets.UTF_8));
        send(record);
    }

    void publish(String key, byte @Nullable [] value) {
        send(new ProducerRecord<>(topics.events(), key.getBytes(StandardCharsets.UTF_8), value));
    }

    void send(ProducerRecord<byte[], byte[]> record) {
        kafka.send(record);
    }

    // what came of them

    List<LogEntry> log() {
        return kafka.readAll(topics.log()).stream()
                .map(record -> LogEntryCodec.decode(record.value()).orElseThrow())
                .toList();
    }

    List<LogEntry> log(OutcomeName outcome) {
        return log().stream().filter(entry -> entry.outcome() == outcome).toList();
    }

    /// Waits for an entry about this event with this outcome.
    LogEntry awaitLog(String id, OutcomeName outcome) {
        return awaitLog(entry -> isAbout(entry, id) && entry.outcome() == outcome, id + outcome);
    }

    LogEntry awaitLog(Predicate<LogEntry> wanted, String what) {
        return Await.value(
                PATIENCE,
                () -> log().stream().filter(wanted).findFirst(),
                () -> what + " in the log; there is " + log());
    }

    void awaitLogged(int count, OutcomeName outcome) {
        Await.until(
                PATIENCE,
                () -> log(outcome).size() >= count,
                () -> count + " entries " + outcome + "; there are " + log(outcome).size());
    }

    static boolean isAbout(LogEntry entry, String id) {
        var event = entry.event();
        return event != null && event.id().equals(id);
    }

    List<ConsumerRecord<byte[], byte[]>> deadLetters() {
        return kafka.readAll(topics.deadLetters());
    }

    List<ConsumerRecord<byte[], byte[]>> awaitDeadLetters(int count) {
        return kafka.awaitRecords(topics.deadLetters(), count, PATIENCE);
    }

    /// The last of a record's headers of this name.
    static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    /// Waits until the workers' group has committed all there is.
    void awaitAllCommitted() {
        Await.until(
                PATIENCE,
                () -> committed().equals(ends()),
                () -> "everything is committed; it is not");
    }

    /// The committed offsets, without partitions that have none.
    Map<TopicPartition, Long> committed() throws InterruptedException, ExecutionException {
        var offsets = new HashMap<TopicPartition, Long>();
        kafka.admin()
                .listConsumerGroupOffsets(topics.workerGroup())
                .partitionsToOffsetAndMetadata()
                .get()
                .forEach((partition, offset) -> offsets.put(partition, offset.offset()));
        return offsets;
    }

    private Map<TopicPartition, Long> ends() throws InterruptedException, ExecutionException {
        var latest = new HashMap<TopicPartition, OffsetSpec>();
        for (int partition = 0; partition < partitions; partition++) {
            latest.put(new TopicPartition(topics.events(), partition), OffsetSpec.latest());
        }
        var ends = new HashMap<TopicPartition, Long>();
        kafka.admin()
                .listOffsets(latest)
                .all()
                .get()
                .forEach((partition, end) -> {
                    if (end.offset() > 0) {
                        ends.put(partition, end.offset());
                    }
                });
        return ends;
    }

    // endpoints

    HttpResponse<String> get(Worker worker, String path) throws IOException, InterruptedException {
        var uri = URI.create("http://127.0.0.1:" + worker.port() + path);
        return http.send(
                HttpRequest.newBuilder(uri).timeout(PATIENCE).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /// The value of a metric; its name with its labels is the start of a line.
    double metric(Worker worker, String name) throws IOException, InterruptedException {
        return get(worker, "/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .map(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public void close() {
        workers.forEach(Worker::close);
        http.close();
    }
}
