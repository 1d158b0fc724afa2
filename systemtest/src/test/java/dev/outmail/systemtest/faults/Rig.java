package dev.outmail.systemtest.faults;

import dev.outmail.config.DeploymentReader;
import dev.outmail.fleet.Applied;
import dev.outmail.fleet.FleetView;
import dev.outmail.kafka.KafkaClients;
import dev.outmail.kafka.TopicAdmin;
import dev.outmail.kafka.Topics;
import dev.outmail.mail.EmailAddress;
import dev.outmail.settings.Connection;
import dev.outmail.settings.Sender;
import dev.outmail.settings.Settings;
import dev.outmail.settings.SettingsSnapshot;
import dev.outmail.settings.SettingsStore;
import dev.outmail.systemtest.OutmailCommand;
import dev.outmail.testkit.Await;
import dev.outmail.testkit.smtp.ScriptedSmtpServer;
import dev.outmail.testkit.smtp.SinkLedger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// All that a fault test needs: topics of its own, a mail server with a ledger, workers, a
/// publisher, the log and the oracle. For one test thread.
final class Rig implements AutoCloseable {
    private final RigPlan plan;
    private final Topics topics;
    private final KafkaClients clients;
    private final Records records;
    private final SettingsStore settings;
    private final SinkLedger ledger = new SinkLedger();
    private final ScriptedSmtpServer server;
    private final LogTail log;
    private final Publisher publisher;
    private final OffsetWatch offsets;
    private final List<WorkerProcess> workers = new ArrayList<>();
    private final Random random;
    private final long startedNanos = System.nanoTime();
    private String measured = "";
    private @Nullable Findings findings;
    private int workersStarted;

    Rig(RigPlan plan) {
        this.plan = plan;
        random = new Random(plan.seed);
        topics = new Topics(plan.prefix);
        var deployment = DeploymentReader.read(plan.config, Map.of());
        clients = deployment.clients("faults");
        records = new Records(clients);
        try (var admin = clients.admin()) {
            var topicAdmin = new TopicAdmin(admin);
            var specs = topics.specs(plan.partitions, deployment.limits().maxBytes());
            topicAdmin.apply(topicAdmin.compare(specs), plan.replicas);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
        settings = new SettingsStore(clients, topics);
        server = plan.server == null ? ScriptedSmtpServer.start().offerPipelining() : plan.server;
        server.keep(ledger);
        log = new LogTail(plan.kafka, topics.log(), plan.partitions);
        publisher = new Publisher(plan.config, "m");
        offsets = new OffsetWatch(clients.admin(), topics, plan.partitions, publisher, log);
        deliverTo(server.port());
    }

    // who takes part

    ScriptedSmtpServer server() {
        return server;
    }

    SinkLedger ledger() {
        return ledger;
    }

    Publisher publisher() {
        return publisher;
    }

    LogTail log() {
        return log;
    }

    OffsetWatch offsets() {
        return offsets;
    }

    /// Reads and writes records.
    Records records() {
        return records;
    }

    Topics topics() {
        return topics;
    }

    /// A command of Outmail's, as an operator runs it against this rig's topics.
    OutmailCommand.Ran command(String... arguments) {
        return command(Map.of(), arguments);
    }

    /// The same of an operator whose deployment says more.
    OutmailCommand.Ran command(Map<String, String> more, String... arguments) {
        var keys = new Properties();
        keys.setProperty("topics.prefix", plan.prefix);
        keys.putAll(more);
        try {
            var config = Files.createTempFile(plan.folder, "operator", ".properties");
            try (var writer = Files.newBufferedWriter(config)) {
                keys.store(writer, null);
            }
            var words = new ArrayList<>(List.of(arguments));
            words.addAll(List.of("--config", config.toString()));
            return OutmailCommand.runHere(plan.kafka, words.toArray(String[]::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Random random() {
        return random;
    }

    List<WorkerProcess> workers() {
        return workers;
    }

    /// Starts a worker beside those there are, and does not wait for it.
    WorkerProcess startWorker() {
        var worker =
                WorkerProcess.start(
                        "w" + ++workersStarted,
                        plan.folder,
                        plan.config,
                        plan.jvmOptions,
                        plan.environment);
        workers.add(worker);
        return worker;
    }

    /// Starts so many workers, and waits until each is in the group.
    void startWorkers(int count) {
        for (int i = 0; i < count; i++) {
            startWorker();
        }
        workers.forEach(WorkerProcess::awaitMember);
    }

    /// One of those that run, by chance.
    WorkerProcess anyWorker() {
        var running = workers.stream().filter(WorkerProcess::isRunning).toList();
        return running.get(random.nextInt(running.size()));
    }

    /// Publishes so many a second in a thread of its own, from the first number on; the test goes
    /// on.
    Thread publishInBackground(int count, double perSecond) {
        return publishInBackground(count, perSecond, Publisher.TO_ONE);
    }

    Thread publishInBackground(int count, double perSecond, Publisher.Shape shape) {
        return publishInBackground(0, count, perSecond, shape);
    }

    /// @param from the first number
    /// @param to the one after the last
    Thread publishInBackground(int from, int to, double perSecond, Publisher.Shape shape) {
        return Thread.ofPlatform()
                .name("publisher")
                .start(() -> publisher.publishSteadily(from, to, perSecond, shape));
    }

    /// Waits for a thread that a test started.
    static void join(Thread thread, Duration atMost) {
        Await.until(atMost, () -> !thread.isAlive(), thread.getName() + " ends");
    }

    /// Lets time pass, as little as given and at most twice as much, by chance.
    void pauseAbout(Duration least) {
        pauseBetween(least, least.multipliedBy(2));
    }

    /// Lets time pass, how much by chance.
    void pauseBetween(Duration least, Duration most) {
        pause(Duration.ofMillis(random.nextLong(least.toMillis(), most.toMillis())));
    }

    /// Lets time pass.
    static void pause(Duration duration) {
        long end = System.nanoTime() + duration.toNanos();
        for (long left = duration.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    // settings

    /// Saves that mails go to this port on loopback, in plain text.
    void deliverTo(int port) {
        save(plain(port));
    }

    /// Saves that mails of this profile go to this server, which writes to the ledger too.
    void deliverTo(String profile, ScriptedSmtpServer other) {
        other.keep(ledger);
        save(profile, current -> current.withConnection(plain(other.port())));
    }

    Connection plain(int port) {
        return new Connection.SmtpServer(
                "127.0.0.1", port, Connection.Security.NONE, null, plan.connections, null);
    }

    void save(Connection connection) {
        save(current -> current.withConnection(connection));
    }

    void save(UnaryOperator<Settings> change) {
        save("default", change);
    }

    /// Saves this, and waits until the workers that run have read it.
    void save(String profile, UnaryOperator<Settings> change) {
        var sender = new Sender(EmailAddress.parse("faults@example.com"), null, false);
        var saved = settings.update(profile, was -> change.apply(was.withSender(sender)));
        if (!(saved instanceof SettingsStore.Saved.Ok ok)) {
            throw new AssertionError("the settings were not saved: " + saved);
        }
        var revision = ok.settings().revision();
        var read = "Settings read profile=\"%s\" revision=\"%d".formatted(profile, revision);
        workers.stream()
                .filter(WorkerProcess::isRunning)
                .forEach(worker -> worker.awaitSaid(read, Duration.ofSeconds(60)));
    }

    /// As they stand.
    SettingsSnapshot settings() {
        return settings.read();
    }

    /// Saves this and waits until all who are alive go by it, and nothing earlier is under way.
    Applied apply(Connection connection, Duration atMost) {
        var saved = settings.update("default", was -> was.withConnection(connection));
        if (!(saved instanceof SettingsStore.Saved.Ok ok)) {
            throw new AssertionError("the settings were not saved: " + saved);
        }
        try (var fleet = new FleetView(clients, topics)) {
            return Applied.await(
                    fleet,
                    "default",
                    ok.settings().revision(),
                    settings.awaitReadable(ok.settings()),
                    atMost,
                    System::nanoTime);
        }
    }

    // waiting and judging

    /// Waits until the server has this many messages.
    void awaitAtServer(int count, Duration atMost) {
        Await.until(
                atMost,
                () -> ledger.size() >= count,
                () -> count + " at the server; there are " + ledger.size() + status());
    }

    /// Waits until every accepted event has ended and all is committed.
    void awaitDrained(Duration atMost) {
        Await.until(
                atMost,
                () -> publisher.accepted().keySet().stream().allMatch(log::hasEnded),
                () -> "every event has ended" + status());
        Await.until(atMost, offsets::isAllCommitted, () -> "all is committed" + status());
    }

    private String status() {
        var open =
                publisher.accepted().keySet().stream()
                        .filter(id -> !log.hasEnded(id))
                        .limit(3)
                        .map(id -> id + " " + log.of(id))
                        .toList();
        return "; accepted %d, ended %d, at the server %d, such as %s%n%s"
                .formatted(
                        publisher.accepted().size(), log.ended(), ledger.size(), open, lastWords());
    }

    private String lastWords() {
        var words = new StringBuilder();
        for (var worker : workers) {
            var output = worker.program().output();
            words.append("--- ").append(worker.name()).append('\n');
            words.append(output, Math.max(0, output.length() - 1_500), output.length());
            worker.dumpThreads(Path.of("target", file(worker) + ".threads"));
        }
        Evidence.keep(plan.prefix + "test" + Report.fork());
        return words.toString();
    }

    /// Named apart from those of a JVM beside this one.
    private String file(WorkerProcess worker) {
        return plan.prefix + worker.name() + Report.fork();
    }

    /// Something else that the report shall tell.
    void measured(String text) {
        measured = text;
    }

    /// What the oracle says now.
    Findings findings() {
        offsets.check();
        findings = new Oracle(publisher, log, ledger.lines()).findings(offsets.passedUnfinished());
        return findings;
    }

    Duration sinceStart() {
        return Duration.ofNanos(System.nanoTime() - startedNanos);
    }

    @Override
    public void close() {
        workers.forEach(WorkerProcess::close);
        workers.forEach(worker -> worker.keepOutput(Path.of("target", file(worker) + ".log")));
        var told = findings;
        if (told == null) {
            // A test that gave up before: what there is, which explains it.
            told = new Oracle(publisher, log, ledger.lines()).findings(Set.of());
            measured = "NOT FINISHED " + measured;
        }
        plan.report.add(plan.test, plan.seed, told, sinceStart(), measured);
        publisher.close();
        records.deleteTopics(plan.prefix);
        records.close();
        offsets.close();
        log.close();
        server.close();
    }
}
